package dev.dsg.engine.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How a classifier answered on labelled images: four numbers an image, however many classes there are.
 *
 * @param classes how many classes there are
 * @param labels {@code [images]}, the right class
 * @param best {@code [images]}, the class that ranks first
 * @param ranks {@code [images]}, how many classes rank before the right one
 * @param confidences {@code [images]}, the probability that it gives the class that ranks first, in billionths
 */
public record Answers(int classes, int[] labels, int[] best, int[] ranks, int[] confidences) {

    static final int BILLION = 1_000_000_000;

    public Answers {
        if (best.length != labels.length || ranks.length != labels.length || confidences.length != labels.length) {
            throw new IllegalArgumentException(best.length + " classes, " + ranks.length + " ranks and "
                    + confidences.length + " confidences for " + labels.length + " labels");
        }
    }

    /** The answers on several parts of a set, in order. */
    public static Answers concat(List<Answers> parts) {
        return new Answers(
                parts.getFirst().classes,
                joined(parts, Answers::labels),
                joined(parts, Answers::best),
                joined(parts, Answers::ranks),
                joined(parts, Answers::confidences));
    }

    /** The number of images. */
    public int count() {
        return labels.length;
    }

    /** How often they are right. */
    public Accuracy accuracy() {
        Tally tally = tally();
        return new Accuracy(count(), tally.top1(), tally.top5());
    }

    /** The counts that every measure of one classifier is made of. */
    public Tally tally() {
        return Tally.of(this);
    }

    /** The counts that every measure of a change is made of, if {@code after}, on the same images, came of these. */
    public Change changeTo(Answers after) {
        if (!Arrays.equals(labels, after.labels)) {
            throw new IllegalArgumentException(after.count() + " answers against " + count() + " of other images");
        }
        return new Change(
                count(),
                count(i -> best[i] == after.best[i]),
                count(i -> right(i) && !after.right(i)),
                count(i -> !right(i) && after.right(i)));
    }

    boolean right(int image) {
        return ranks[image] == 0;
    }

    private int count(IntPredicate of) {
        return (int) IntStream.range(0, count()).filter(of).count();
    }

    private static int[] joined(List<Answers> parts, Function<Answers, int[]> values) {
        return parts.stream()
                .flatMapToInt(part -> Arrays.stream(values.apply(part)))
                .toArray();
    }
}
