package dev.dsg.quantizer;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.Architectures;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.engine.quantization.BitWidth;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.ObjectStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** From a network and its batches in the store to the bytes of the artefact. */
@Singleton
final class Quantization {

    private final ObjectStore store;
    private final Catalog catalog;

    Quantization(ObjectStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** Calibrates on the batches, in their order, and rounds; every object is checked against its digest. */
    byte[] quantize(QuantizationSpec how, ModelCard card, List<ObjectRef> batches, ProgressListener progress) {
        Graph network = network(card).read(catalog.weights(card));
        List<HostTensor> images = batches.stream()
                .map(batch ->
                        SyntheticBatch.fromSafetensors(store.getBytes(batch)).images())
                .toList();
        return quantizer(how).quantize(network, images, progress).toSafetensors();
    }

    private static NetworkFile network(ModelCard card) {
        var shape = card.inputShape();
        return new NetworkFile(
                Optional.ofNullable(card.architecture()),
                Shape.of(shape.channels(), shape.height(), shape.width()),
                card.classes().size());
    }

    private static PostTrainingQuantizer quantizer(QuantizationSpec how) {
        return switch (how.scheme()) {
            case PTQ ->
                new PostTrainingQuantizer(QuantizationSettings.of(
                                how.weightBits().bits(), how.activationBits().bits())
                        .withRange(
                                switch (how.range()) {
                                    case SAMPLE_MEAN -> RangeMethod.SAMPLE_MEAN;
                                    case MIN_MAX -> RangeMethod.MIN_MAX;
                                    case PERCENTILE -> RangeMethod.PERCENTILE;
                                    case MSE -> RangeMethod.MSE;
                                }));
        };
    }
}
