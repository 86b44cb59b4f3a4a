package dev.dsg.engine.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How a classifier answered on labelled images: two numbers an image, however many classes there are.
 *
 * @param best {@code [images]}, the class that ranks first
 * @param ranks {@code [images]}, how many classes rank before the right one
 */
public record Answers(int[] best, int[] ranks) {

    private static final int FEW = 5;

    public Answers {
        if (best.length != ranks.length) {
            throw new IllegalArgumentException(best.length + " classes for " + ranks.length + " ranks");
        }
    }

    /** The answers on several parts of a set, in order. */
    public static Answers concat(List<Answers> parts) {
        return new Answers(
                parts.stream().flatMapToInt(part -> Arrays.stream(part.best)).toArray(),
                parts.stream().flatMapToInt(part -> Arrays.stream(part.ranks)).toArray());
    }

    /** The number of images. */
    public int count() {
        return best.length;
    }

    /** How often they are right. */
    public Accuracy accuracy() {
        return new Accuracy(count(), share(i -> ranks[i] < 1), share(i -> ranks[i] < FEW));
    }

    /** The share of images, 0..1, for which {@code other}, on the same images, names the same class. */
    public double agreement(Answers other) {
        if (other.count() != count()) {
            throw new IllegalArgumentException(other.count() + " answers against " + count());
        }
        return share(i -> best[i] == other.best[i]);
    }

    private double share(IntPredicate of) {
        return (double) IntStream.range(0, count()).filter(of).count() / count();
    }
}
