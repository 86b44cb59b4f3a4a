package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.Geometry;
import dev.dsg.engine.data.Images;
import dev.dsg.engine.data.Interpolation;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Answers;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.evaluation.Evaluator.Classifier;
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
import java.util.ArrayList;
import java.util.Optional;

/**
 * Asks the network, its artefact, and the artefact in ONNX Runtime what they see in every image of a data set.
 *
 * <p>The images of a small set and the network's own answers are kept: jobs often come several for one network, and those
 * answers are the same for all of them. Of a large set one shard is in memory at a time.
 */
@Singleton
final class Measurement {

    private static final int DATASETS_KEPT = 1;
    private static final int ANSWERS_KEPT = 8;

    /** Which network answered on which images. */
    private record Subject(ModelCard model, DatasetCard dataset) {}

    private final ObjectStore store;
    private final Catalog catalog;
    private final Recent<DatasetCard, TestImages> datasets = new Recent<>(DATASETS_KEPT);
    private final Recent<Subject, Answers> answers = new Recent<>(ANSWERS_KEPT);

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
        TestImages images = datasets.get(dataset, () -> TestImages.of(dataset, store));
        Graph network = network(model).read(catalog.weights(model));
        var quantized =
                QuantizedNetwork.fromSafetensors(Safetensors.parse(store.getBytes(manifest.artifact())), network);
        byte[] onnx = store.getBytes(manifest.onnx());

        var run = new Run(images, preprocessing(model), spec.evaluation().batchSize(), progress);
        Answers before = answers.get(new Subject(model, dataset), () -> run.interpreted(0, network, Tap.NONE));
        Answers after = run.interpreted(1, quantized.graph(), quantized.tap());
        Answers computed = run.inOnnxRuntime(2, onnx);
        return new Measured(
                new JobReport.Accuracy(images.count(), topK(before), topK(after), before.agreement(after)),
                new JobReport.Onnx(topK(computed), computed.agreement(after), onnx.length, fp32Bytes(network, model)));
    }

    private static int fp32Bytes(Graph network, ModelCard model) {
        ImageShape input = model.inputShape();
        Graph folded = new BatchNormFolding(0).fold(network);
        return OnnxExport.float32(folded, Shape.of(input.channels(), input.height(), input.width())).length;
    }

    /** Passes over the images, counted from 0. */
    private record Run(TestImages images, Preprocessing preprocessing, int batchSize, ProgressListener progress) {

        private static final int PASSES = 3;

        Answers interpreted(int pass, Graph network, Tap tap) {
            try (var interpreter = new Interpreter(network)) {
                return answers(pass, Evaluator.classifier(interpreter, tap));
            }
        }

        Answers inOnnxRuntime(int pass, byte[] model) {
            try (var network = new DeployedNetwork(model)) {
                return answers(pass, network);
            }
        }

        private Answers answers(int pass, Classifier classifier) {
            var parts = new ArrayList<Answers>();
            int done = pass * images.count();
            for (var shard : images.shards()) {
                Images part = shard.get();
                parts.add(answers(classifier, part, done));
                done += part.count();
            }
            return Answers.concat(parts);
        }

        private Answers answers(Classifier classifier, Images shard, int before) {
            return Evaluator.predict(
                            classifier,
                            shard,
                            preprocessing,
                            batchSize,
                            (done, _) -> progress.progress(before + done, PASSES * images.count()))
                    .answers(shard.labels());
        }
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
        return Preprocessing.of(model.mean(), model.std(), geometry);
    }

    private static JobReport.TopK topK(Answers answers) {
        var accuracy = answers.accuracy();
        return new JobReport.TopK(accuracy.top1(), accuracy.top5());
    }
}
