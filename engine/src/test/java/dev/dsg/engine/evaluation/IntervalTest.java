package dev.dsg.engine.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

    /** The examples of Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0, 0.1611", "1, 29, 0.0061, 0.1718"})
    void shouldBeThatOfThePublication(int count, int of, double low, double high) {
        Interval interval = Interval.ofShare(count, of);

        assertThat(interval.low()).isCloseTo(low, within(5e-5));
        assertThat(interval.high()).isCloseTo(high, within(5e-5));
    }

    @Test
    void shouldHoldTheShareAtBothEnds() {
        assertThat(Interval.ofShare(0, 7).low()).isZero();
        assertThat(Interval.ofShare(7, 7).high()).isEqualTo(1);
        assertThat(Interval.ofShare(7, 7).low())
                .isCloseTo(1 - Interval.ofShare(0, 7).high(), within(1e-12));
    }

    @Test
    void shouldBeTheWaldIntervalOfCellsWithHalfAnImageMore() {
        // Given 12 lost and 3 won of 100
        double n = 102;
        double lost = 12.5 / n;
        double won = 3.5 / n;

        // When
        Interval interval = Interval.ofPairedDifference(12, 3, 100);

        // Then
        double error = Math.sqrt((lost + won - (lost - won) * (lost - won)) / n);
        assertThat(interval.low()).isCloseTo(lost - won - 1.959964 * error, within(1e-6));
        assertThat(interval.high()).isCloseTo(lost - won + 1.959964 * error, within(1e-6));
    }

    @Test
    void shouldHoldTheTrueDifferenceInNineteenOfTwentyExperiments() {
        // Given two classifiers of which the first is right alone in 8 % and the second in 5 % of the images
        Random random = new Random(1);
        int experiments = 4_000;
        int held = 0;

        // When each experiment looks at 300 images
        for (int i = 0; i < experiments; i++) {
            double[] draws = random.doubles(300).toArray();
            int lost = (int) Arrays.stream(draws).filter(u -> u < 0.08).count();
            int won = (int) Arrays.stream(draws).filter(u -> u >= 0.95).count();
            Interval interval = Interval.ofPairedDifference(lost, won, draws.length);
            held += interval.low() <= 0.03 && 0.03 <= interval.high() ? 1 : 0;
        }

        // Then
        assertThat((double) held / experiments).isBetween(0.94, 0.965);
    }

    @Test
    void shouldHoldTheMedianInNineteenOfTwentyExperiments() {
        Random random = new Random(2);
        int experiments = 4_000;
        int held = 0;
        for (int i = 0; i < experiments; i++) {
            Interval interval = Interval.ofMedian(random.doubles(41).sorted().toArray());
            held += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
        }

        assertThat((double) held / experiments).isBetween(0.94, 0.975);
    }

    @Test
    void shouldGiveTheExtremesOfFewValues() {
        assertThat(Interval.ofMedian(new double[] {3})).isEqualTo(new Interval(3, 3));
        assertThat(Interval.ofMedian(new double[] {1, 2, 9})).isEqualTo(new Interval(1, 9));
    }
}
