package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.Images;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Answers;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.evaluation.Evaluator.Classifier;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.catalog.Recent;
import dev.dsg.platform.store.ObjectStore;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the network, its artefact, and the artefact in ONNX Runtime what they see in every image of a data set, or of a part
 * of one.
 *
 * <p>The images of a small set and the network's own answers are kept: jobs often come several for one network, and those
 * answers are the same for all of them. Of a large set one shard is in memory at a time.
 */
@Singleton
final class Measurement {

    private static final int DATASETS_KEPT = 1;
    private static final int ANSWERS_KEPT = 8;

    /** Which network answered on which images. */
    private record Subject(ModelCard model, List<DatasetCard.Shard> images) {}

    private final ObjectStore store;
    private final Catalog catalog;
    private final Recent<List<DatasetCard.Shard>, TestImages> datasets = new Recent<>(DATASETS_KEPT);
    private final Recent<Subject, Answers> answers = new Recent<>(ANSWERS_KEPT);

    Measurement(ObjectStore store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** Measures the network, its artefact, and the artefact in ONNX Runtime; every object is checked against its digest. */
    Findings measure(JobSpec spec, Manifest manifest, List<DatasetCard.Shard> shards, ProgressListener progress) {
        var original = Original.of(spec, catalog);
        var images = datasets.get(shards, () -> TestImages.of(shards, store));
        var quantized = QuantizedNetwork.fromSafetensors(
                Safetensors.parse(store.getBytes(manifest.artifact())), original.graph());
        var onnx = store.getBytes(manifest.onnx());

        var run = new Run(images, original.preprocessing(), spec.evaluation().batchSize(), progress);
        var before =
                answers.get(new Subject(original.card(), shards), () -> run.interpreted(0, original.graph(), Tap.NONE));
        var after = run.interpreted(1, quantized.graph(), quantized.tap());
        var computed = run.inOnnxRuntime(2, onnx);
        return Findings.of(before, after, computed);
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
}
