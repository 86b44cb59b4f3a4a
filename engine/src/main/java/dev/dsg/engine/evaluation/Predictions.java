package dev.dsg.engine.evaluation;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What a classifier says of a set of images. Of two classes with equal logits the one numbered lower ranks first; what
 * is not a number ranks last.
 *
 * @param logits {@code [images, classes]}
 */
public record Predictions(HostTensor logits) {

    public Predictions {
        if (logits.shape().length != 2 || logits.size(1) < 1) {
            throw new IllegalArgumentException(logits + " is not [images, classes]");
        }
    }

    /** The number of images. */
    public int count() {
        return logits.size(0);
    }

    /**
     * How often the predictions are right, if {@code labels [images]} are the classes.
     *
     * @throws EngineException if a label is none of the classes
     */
    public Accuracy accuracy(int[] labels) {
        return answers(labels).accuracy();
    }

    /**
     * What is left to know of the predictions, if {@code labels [images]} are the classes.
     *
     * @throws EngineException if a label is none of the classes
     */
    public Answers answers(int[] labels) {
        if (labels.length != count()) {
            throw new IllegalArgumentException(labels.length + " labels for " + count() + " images");
        }
        for (int label : labels) {
            if (label < 0 || label >= logits.size(1)) {
                throw new EngineException(Kind.INVALID_SETTING, "label", label, "0.." + (logits.size(1) - 1));
            }
        }
        int[] ranks = new int[count()];
        int[] best = new int[count()];
        int[] confidences = new int[count()];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = rank(i, labels[i]);
            best[i] = best(i);
            confidences[i] = (int) Math.round(confidence(i) * Answers.BILLION);
        }
        return new Answers(logits.size(1), labels, best, ranks, confidences);
    }

    /** The share of images, 0..1, for which {@code other}, on the same images, names the same class. */
    public double agreement(Predictions other) {
        if (other.count() != count()) {
            throw new IllegalArgumentException(other.count() + " predictions against " + count());
        }
        return share(i -> best(i) == other.best(i));
    }

    /** The class of {@code image} that ranks first. */
    public int best(int image) {
        int best = 0;
        for (int c = 1; c < logits.size(1); c++) {
            if (logit(image, c) > logit(image, best)) {
                best = c;
            }
        }
        return best;
    }

    /**
     * The probability, 0..1, of the class of {@code image} that ranks first, by the softmax of the logits. Of several that
     * are infinite each has its part.
     */
    public double confidence(int image) {
        float largest = logit(image, best(image));
        double sum = 0;
        for (int c = 0; c < logits.size(1); c++) {
            float logit = logit(image, c);
            // Strict, so that every machine adds up the same.
            sum += logit == largest ? 1 : StrictMath.exp(logit - largest);
        }
        return 1 / sum;
    }

    private int rank(int image, int label) {
        float own = logit(image, label);
        int before = 0;
        for (int c = 0; c < logits.size(1); c++) {
            float logit = logit(image, c);
            if (logit > own || (logit == own && c < label)) {
                before++;
            }
        }
        return before;
    }

    private float logit(int image, int label) {
        float logit = logits.values()[image * logits.size(1) + label];
        return Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }

    private double share(IntPredicate of) {
        return (double) IntStream.range(0, count()).filter(of).count() / count();
    }
}
