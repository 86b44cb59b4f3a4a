package dev.dsg.engine.evaluation;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.Images;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/** Runs classifiers over whole image sets. */
public final class Evaluator {

    /** Anything that classifies images. */
    @FunctionalInterface
    public interface Classifier {

        /** The logits {@code [batch, classes]} of {@code images [batch, channels, height, width]}. */
        HostTensor logits(Tensor images);
    }

    private Evaluator() {}

    /**
     * How often {@code network} is right on {@code images}.
     *
     * @throws EngineException if a label is not one of the network's classes; otherwise as {@link #predict}
     */
    public static Accuracy evaluate(
            Interpreter network,
            Tap tap,
            Images images,
            Preprocessing preprocessing,
            int batchSize,
            ProgressListener progress) {
        return predict(network, tap, images, preprocessing, batchSize, progress).accuracy(images.labels());
    }

    /**
     * What {@code network}, with {@code tap} on every edge, says of {@code images}.
     *
     * @throws EngineException as the other {@code predict}
     */
    public static Predictions predict(
            Interpreter network,
            Tap tap,
            Images images,
            Preprocessing preprocessing,
            int batchSize,
            ProgressListener progress) {
        return predict(classifier(network, tap), images, preprocessing, batchSize, progress);
    }

    /** A network that the interpreter computes, with {@code tap} on every edge. */
    public static Classifier classifier(Interpreter network, Tap tap) {
        return batch -> {
            Tensor logits = network.run(batch, tap);
            return new HostTensor(logits.shape(), logits.toFloats());
        };
    }

    /**
     * What {@code classifier} says of {@code images}.
     *
     * @param batchSize images per run, at least 1; a matter of memory and speed
     * @param progress told after every batch, in images
     * @throws EngineException without images, or if {@code batchSize} is below 1
     */
    public static Predictions predict(
            Classifier classifier,
            Images images,
            Preprocessing preprocessing,
            int batchSize,
            ProgressListener progress) {
        require("batchSize", batchSize);
        require("images", images.count());
        float[] logits = {};
        int classes = 0;
        for (int from = 0; from < images.count(); from += batchSize) {
            int to = Math.min(images.count(), from + batchSize);
            try (Scope _ = Scope.open()) {
                HostTensor output = classifier.logits(preprocessing.batch(images, from, to));
                if (from == 0) {
                    classes = output.size(1);
                    logits = new float[images.count() * classes];
                }
                System.arraycopy(output.values(), 0, logits, from * classes, (to - from) * classes);
            }
            progress.progress(to, images.count());
        }
        return new Predictions(new HostTensor(new long[] {images.count(), classes}, logits));
    }

    private static void require(String field, int value) {
        if (value < 1) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, "at least 1");
        }
    }
}
