package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SquantFlipsTest {

    private static final BitWidth FOUR = new BitWidth(4);

    private static float[] round(int channels, int kernels, double... scaled) {
        float[] values = new float[scaled.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) scaled[i];
        }
        return SquantFlips.round(FOUR, values, channels, kernels);
    }

    @Test
    void shouldLeaveAKernelAloneWhoseErrorsCancel() {
        // Errors .25 -.25 .5 (2.5 goes to the even 2: -.5) sum to .25 - .25 - .5.
        assertThat(round(1, 1, 0.75, 1.25, 2.5)).containsExactly(1, 1, 2);
    }

    @Test
    void shouldFlipTheLargestErrorOfAKernel() {
        // Errors -.4 -.3 -.2 -.1 sum to -1: the first goes up, and nothing is left over.
        assertThat(round(1, 1, 1.4, 2.3, 3.2, -3.9)).containsExactly(2, 2, 3, -4);
    }

    @Test
    void shouldFlipOnlyErrorsOfTheSumsOwnSign() {
        // Errors +.45 and five times -.375 sum to -1.425: one flips, though +.45 is the largest.
        assertThat(round(1, 1, 0.55, 1.375, 2.375, 3.375, 4.375, 5.375)).containsExactly(1, 2, 2, 3, 4, 5);
    }

    @Test
    void shouldFlipAcrossTheKernelsOfAChannel() {
        // Kernels of two: sums -.5 -.5 -.375 stay within; the channel's -1.375 lets one more go up: the first of the
        // largest sums, and in it the larger error.
        assertThat(round(1, 3, 1.125, 2.375, 3.25, 4.25, 5.125, 6.25)).containsExactly(1, 3, 3, 4, 5, 6);
    }

    @Test
    void shouldTakeBackTheLastFlipOfAKernelThatWentPastZero() {
        // Every kernel: errors -.4375 -.375 sum to -.8125, the first goes up, +.1875 is left. Four of them make +.75:
        // one kernel takes its flip back.
        double[] kernel = {1.4375, 2.375};
        double[] scaled = IntStream.range(0, 8).mapToDouble(i -> kernel[i % 2]).toArray();

        assertThat(round(1, 4, scaled)).containsExactly(1, 2, 2, 2, 2, 2, 2, 2);
    }

    @Test
    void shouldRoundAFullyConnectedLayerBySumsOverItsRows() {
        // Two rows of three inputs: errors -.4 -.3 -.2, and +.1 +.1 +.1.
        assertThat(round(2, 3, 1.4, 2.3, 3.2, 0.9, 0.9, 0.9)).containsExactly(2, 2, 3, 1, 1, 1);
    }

    @Test
    void shouldNotFlipBeyondTheEnds() {
        // 7 and -8 are the ends: 7.4 may not go up to 8, so the next in order does.
        assertThat(round(1, 1, 7.4, 7.4, 1.3, 2.2)).containsExactly(7, 7, 2, 2);
        assertThat(round(1, 1, -8.6, -8.6)).containsExactly(-8, -8);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 9", "8, 16, 9", "8, 3, 49", "16, 64, 1", "4, 1, 1", "3, 7, 25"})
    void shouldBoundTheErrorsOfElementsKernelsAndChannels(int channels, int kernels, int elements) {
        Random random = new Random(channels + 31L * kernels + 961L * elements);
        for (int repetition = 0; repetition < 50; repetition++) {
            float[] scaled = new float[channels * kernels * elements];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = random.nextFloat(-7, 6);
            }

            float[] rounded = SquantFlips.round(FOUR, scaled, channels, kernels);

            int each = kernels * elements;
            for (int c = 0; c < channels; c++) {
                assertThat(errors(scaled, rounded, c * each, (c + 1) * each)).isBetween(-0.5001, 0.5001);
            }
            for (int from = 0; from < scaled.length; from += elements) {
                assertThat(errors(scaled, rounded, from, from + elements)).isBetween(-1.0001, 1.0001);
            }
            for (int i = 0; i < scaled.length; i++) {
                assertThat(errors(scaled, rounded, i, i + 1)).isBetween(-1.0001, 1.0001);
            }
        }
    }

    @Test
    void shouldStayWithinTheIntegersOfTheWidth() {
        Random random = new Random(5);
        BitWidth two = new BitWidth(2);
        float[] scaled = new float[16 * 9];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (3 * random.nextGaussian());
        }

        for (float q : SquantFlips.round(two, scaled, 4, 4)) {
            assertThat(q).isBetween(-2f, 1f);
        }
    }

    private static double errors(float[] scaled, float[] rounded, int from, int to) {
        return IntStream.range(from, to)
                .mapToDouble(i -> (double) rounded[i] - scaled[i])
                .sum();
    }
}
