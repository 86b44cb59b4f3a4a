package dev.dsg.quantizer;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.engine.qat.Student;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.ObjectStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** From a network and its batches in the store to the quantized network. */
@Singleton
final class Quantization {

    private final ObjectStore store;
    private final Catalog catalog;

    Quantization(ObjectStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /**
     * What became of a network, and of what.
     *
     * @param network as it came
     * @param exact what was quantized in its place, in floats
     * @param quantized the result
     * @param images the batches that it was calibrated on
     */
    record Outcome(Graph network, Graph exact, QuantizedNetwork quantized, List<HostTensor> images) {}

    /** Calibrates on the batches, in their order, and rounds; every object is checked against its digest. */
    Outcome quantize(JobSpec spec, ModelCard card, List<ObjectRef> batches, ProgressListener progress) {
        Graph network = network(card).read(catalog.weights(card));
        List<HostTensor> images = batches.stream()
                .map(batch ->
                        SyntheticBatch.fromSafetensors(store.getBytes(batch)).images())
                .toList();
        var quantizer = new PostTrainingQuantizer(Settings.of(spec));
        return new Outcome(network, quantizer.exact(network), quantizer.quantize(network, images, progress), images);
    }

    /** The student that a quantized network becomes; the caller closes it. */
    Student student(JobSpec spec, Outcome start) {
        return new Student(
                start.exact(), start.quantized(), Settings.of(spec).weightGrid(), Settings.student(spec.training()));
    }

    private static NetworkFile network(ModelCard card) {
        var shape = card.inputShape();
        return new NetworkFile(
                Optional.ofNullable(card.architecture()),
                Shape.of(shape.channels(), shape.height(), shape.width()),
                card.classes().size());
    }
}
