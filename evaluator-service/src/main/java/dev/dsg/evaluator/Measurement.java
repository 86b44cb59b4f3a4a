package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.Geometry;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Interpolation;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.catalog.Recent;
import dev.dsg.platform.store.ObjectStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Asks the network, its artefact, and the artefact in ONNX Runtime what they see in every image of a data set.
 *
 * <p>Images and the network's own answers are kept: jobs often come several for one network, and those answers are the
 * same for all of them.
 */
@Singleton
final class Measurement {

    private static final int DATASETS_KEPT = 1;
    private static final int ANSWERS_KEPT = 8;

    /** Which network answered on which images. */
    private record Subject(ModelCard model, DatasetCard dataset) {}

    private final ObjectStore store;
    private final Catalog catalog;
    private final Recent<DatasetCard, ImageSet> datasets = new Recent<>(DATASETS_KEPT);
    private final Recent<Subject, Predictions> answers = new Recent<>(ANSWERS_KEPT);

    Measurement(ObjectStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /**
     * What was measured.
     *
     * @param accuracy of the network and of its artefact, as the interpreter computes them
     * @param onnx of the artefact in ONNX Runtime
     */
    record Measured(JobReport.Accuracy accuracy, JobReport.Onnx onnx) {}

    /** Measures the network, its artefact, and the artefact in ONNX Runtime; every object is checked against its digest. */
    Measured measure(JobSpec spec, Manifest manifest, ProgressListener progress) {
        ModelCard model = catalog.modelOf(spec);
        DatasetCard dataset = catalog.dataset(spec.evaluation().dataset());
        ImageSet images = datasets.get(dataset, () -> images(dataset));
        Graph network = network(model).read(catalog.weights(model));
        var quantized =
                QuantizedNetwork.fromSafetensors(Safetensors.parse(store.getBytes(manifest.artifact())), network);
        byte[] onnx = store.getBytes(manifest.onnx());

        var run = new Run(images, preprocessing(model), spec.evaluation().batchSize(), progress);
        Predictions before = answers.get(new Subject(model, dataset), () -> run.interpreted(0, network, Tap.NONE));
        Predictions after = run.interpreted(1, quantized.graph(), quantized.tap());
        Predictions computed = run.inOnnxRuntime(2, onnx);
        int[] labels = images.labels();
        return new Measured(
                new JobReport.Accuracy(
                        images.count(), topK(before, labels), topK(after, labels), before.agreement(after)),
                new JobReport.Onnx(
                        topK(computed, labels), computed.agreement(after), onnx.length, fp32Bytes(network, model)));
    }

    private static int fp32Bytes(Graph network, ModelCard model) {
        ImageShape input = model.inputShape();
        Graph folded = new BatchNormFolding(0).fold(network);
        return OnnxExport.float32(folded, Shape.of(input.channels(), input.height(), input.width())).length;
    }

    /** Passes over the images, counted from 0. */
    private record Run(ImageSet images, Preprocessing preprocessing, int batchSize, ProgressListener progress) {

        private static final int PASSES = 3;

        Predictions interpreted(int pass, Graph network, Tap tap) {
            try (var interpreter = new Interpreter(network)) {
                return Evaluator.predict(interpreter, tap, images, preprocessing, batchSize, after(pass));
            }
        }

        Predictions inOnnxRuntime(int pass, byte[] model) {
            try (var network = new DeployedNetwork(model)) {
                return Evaluator.predict(network, images, preprocessing, batchSize, after(pass));
            }
        }

        private ProgressListener after(int passes) {
            return (done, total) -> progress.progress(passes * total + done, PASSES * total);
        }
    }

    private ImageSet images(DatasetCard dataset) {
        List<ImageSet> shards = dataset.shards().stream()
                .map(shard -> ImageSet.fromShard(store.getBytes(shard.object())))
                .toList();
        return ImageSet.concat(shards);
    }

    private static NetworkFile network(ModelCard model) {
        var shape = model.inputShape();
        return new NetworkFile(
                Optional.ofNullable(model.architecture()),
                Shape.of(shape.channels(), shape.height(), shape.width()),
                model.classes().size());
    }

    private static Preprocessing preprocessing(ModelCard model) {
        var geometry = Optional.ofNullable(model.geometry())
                .map(card -> new Geometry(
                        card.resize(),
                        card.crop().height(),
                        card.crop().width(),
                        Interpolation.valueOf(card.interpolation().name())));
        return new Preprocessing(floats(model.mean()), floats(model.std()), geometry);
    }

    private static float[] floats(List<Double> values) {
        var floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    private static JobReport.TopK topK(Predictions predictions, int[] labels) {
        var accuracy = predictions.accuracy(labels);
        return new JobReport.TopK(accuracy.top1(), accuracy.top5());
    }
}
