package dev.dsg.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.evaluation.Tally.Bin;
import dev.dsg.engine.evaluation.Tally.ClassCount;
import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final int CLASSES = 7;

    private final Random random = new Random(3);

    @Test
    void shouldCountByClass() {
        // Given three images of class 0, of which one is taken for class 1, and one of class 1
        Predictions predictions = of(2, 1, 0, 0, 1, 1, 0, 0, 1);

        // When
        Tally tally = predictions.answers(new int[] {0, 0, 0, 1}).tally();

        // Then
        assertThat(tally.classes()).containsExactly(new ClassCount(3, 2), new ClassCount(1, 1));
        assertThat(tally.images()).isEqualTo(4);
        assertThat(tally.right()).isEqualTo(3);
        assertThat(tally.top1()).isEqualTo(0.75);
        assertThat(tally.top5()).isEqualTo(1);
    }

    @Test
    void shouldMeasureHowFarBeliefIsFromTruth() {
        // Given
        Predictions predictions = random(200);
        int[] labels = labels(200);

        // When
        Tally tally = predictions.answers(labels).tally();

        // Then it is what the definition says, bin by bin
        double error = 0;
        for (int bin = 0; bin < Tally.BINS; bin++) {
            double above = bin / 15.0;
            double upTo = (bin + 1) / 15.0;
            int[] members = IntStream.range(0, 200)
                    .filter(i -> confidence(predictions, i) > above && confidence(predictions, i) <= upTo)
                    .toArray();
            double accuracy = Arrays.stream(members)
                    .filter(i -> predictions.best(i) == labels[i])
                    .count();
            double confidence = Arrays.stream(members)
                    .mapToDouble(i -> confidence(predictions, i))
                    .sum();
            error += Math.abs(accuracy - confidence) / 200;
            assertThat(tally.bins().get(bin).images()).as("bin " + bin).isEqualTo(members.length);
        }
        assertThat(tally.calibrationError()).isCloseTo(error, within(1e-7)).isGreaterThan(0.05);
    }

    @Test
    void shouldBelieveWhatSoftmaxSays() {
        assertThat(of(2, 0, 0).confidence(0)).isEqualTo(0.5);
        assertThat(of(2, (float) Math.log(3), 0).confidence(0)).isCloseTo(0.75, within(1e-7));
        assertThat(of(3, Float.POSITIVE_INFINITY, 5, Float.POSITIVE_INFINITY).confidence(0))
                .isEqualTo(0.5);
        assertThat(of(2, Float.NaN, Float.NaN).confidence(0)).isEqualTo(0.5);
        assertThat(of(2, Float.NaN, -5).confidence(0)).isEqualTo(1);
    }

    @Test
    void shouldAddUpToTheCountsOfTheWholeInAnyOrder() {
        // Given the answers on a set, and on its parts
        Predictions predictions = random(300);
        int[] labels = labels(300);
        List<Integer> ends = List.of(0, 1, 37, 120, 299, 300);
        List<Answers> parts = IntStream.range(1, ends.size())
                .mapToObj(i -> slice(predictions, ends.get(i - 1), ends.get(i))
                        .answers(Arrays.copyOfRange(labels, ends.get(i - 1), ends.get(i))))
                .toList();

        // When
        List<Tally> shuffled =
                new java.util.ArrayList<>(parts.stream().map(Answers::tally).toList());
        Collections.shuffle(shuffled, random);

        // Then
        Answers whole = predictions.answers(labels);
        assertThat(Tally.sum(shuffled.stream())).isEqualTo(whole.tally());
        assertThat(Answers.concat(parts).tally()).isEqualTo(whole.tally());
    }

    @Test
    void shouldCountWhatAChangeLostAndWon() {
        // Given
        int[] labels = labels(300);
        Answers before = random(300).answers(labels);
        Answers after = random(300).answers(labels);

        // When
        Change change = before.changeTo(after);

        // Then
        assertThat(change.drop())
                .isCloseTo(before.accuracy().top1() - after.accuracy().top1(), within(1e-12));
        assertThat(change.lost()).isPositive();
        assertThat(change.won()).isPositive();
        assertThat(change.agreed()).isBetween(1, 299);
        assertThat(change.dropInterval().low()).isLessThan(change.drop());
        assertThat(before.changeTo(before)).isEqualTo(new Change(300, 300, 0, 0));
        assertThat(change.plus(new Change(2, 1, 1, 0)))
                .isEqualTo(new Change(302, change.agreed() + 1, change.lost() + 1, change.won()));
        assertThatThrownBy(() -> before.changeTo(random(300).answers(labels(300))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseCountsThatContradictEachOther() {
        List<Bin> empty = Collections.nCopies(Tally.BINS, new Bin(0, 0, 0));
        assertThat(new Tally(List.of(new ClassCount(0, 0)), 0, empty).images()).isZero();
        Stream.<Runnable>of(
                        () -> new ClassCount(1, 2),
                        () -> new Bin(0, 1, 0),
                        () -> new Tally(List.of(new ClassCount(1, 1)), 1, empty),
                        () -> new Tally(List.of(), 0, empty),
                        () -> new Tally(List.of(new ClassCount(0, 0)), 1, empty),
                        () -> new Change(1, 1, 1, 0))
                .forEach(wrong -> assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class));
    }

    private Predictions random(int images) {
        float[] logits = new float[images * CLASSES];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        return of(CLASSES, logits);
    }

    private int[] labels(int images) {
        return random.ints(images, 0, CLASSES).toArray();
    }

    private static double confidence(Predictions predictions, int image) {
        double[] exponentials = IntStream.range(0, CLASSES)
                .mapToDouble(c -> Math.exp(predictions.logits().values()[image * CLASSES + c]))
                .toArray();
        return Arrays.stream(exponentials).max().orElseThrow()
                / Arrays.stream(exponentials).sum();
    }

    private static Predictions slice(Predictions predictions, int from, int to) {
        return of(CLASSES, Arrays.copyOfRange(predictions.logits().values(), from * CLASSES, to * CLASSES));
    }

    private static Predictions of(int classes, float... logits) {
        return new Predictions(new HostTensor(new long[] {logits.length / classes, classes}, logits));
    }
}
