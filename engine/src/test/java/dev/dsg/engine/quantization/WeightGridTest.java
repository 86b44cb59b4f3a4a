package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.quantization.WeightGrid.Extent;
import dev.dsg.engine.quantization.WeightGrid.Granularity;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightGridTest {

    private static final BitWidth FOUR = new BitWidth(4);

    private static HostTensor weight(float... values) {
        return new HostTensor(new long[] {2, values.length / 2}, values);
    }

    @Test
    void shouldShareOneRangeAmongAllChannels() {
        WeightGrid grid = new WeightGrid(Granularity.TENSOR, Symmetry.ASYMMETRIC, Extent.WHOLE);

        AffineQuantizer quantizer = grid.of(FOUR, weight(0, 0.1f, -1, 2));

        assertThat(quantizer.scale().values()).containsExactly(5, 5);
        assertThat(quantizer.zeroPoint().values()).containsExactly(3, 3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPutZeroInTheCentre(Extent extent) {
        HostTensor weight = HostTensors.random(1, 4, 3, 3, 3);

        AffineQuantizer quantizer = new WeightGrid(Granularity.CHANNEL, Symmetry.SYMMETRIC, extent).of(FOUR, weight);

        assertThat(quantizer.zeroPoint().values()).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void shouldFitWeightsIntoSignedIntegersAroundZero(int bits) {
        BitWidth width = new BitWidth(bits);
        Random random = new Random(bits);
        float[] values = new float[6 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (1 + i / 20));
        }

        AffineQuantizer quantizer = WeightGrid.SYMMETRIC.of(width, new HostTensor(new long[] {6, 20}, values));

        assertThat(quantizer.zeroPoint().values()).containsOnly(0);
        for (int c = 0; c < 6; c++) {
            float largest = Float.NEGATIVE_INFINITY;
            float smallest = Float.POSITIVE_INFINITY;
            for (int i = 20 * c; i < 20 * c + 20; i++) {
                largest = Math.max(largest, values[i] * quantizer.scale().values()[c]);
                smallest = Math.min(smallest, values[i] * quantizer.scale().values()[c]);
            }
            assertThat(smallest).isGreaterThan(width.lowest() - 0.001f);
            assertThat(largest).isLessThan(width.highest() + 0.001f);
            // One of the ends is reached, so the step could not be finer.
            assertThat(Math.max(largest / width.highest(), smallest / width.lowest()))
                    .isGreaterThan(0.999f);
        }
    }

    @Test
    void shouldCutOffAnOutlierWhereThatLeavesLessError() {
        // Given: two hundred values within +-1, in one channel with a single 3
        float[] values = new float[402];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        values[7] = 3;
        BitWidth three = new BitWidth(3);

        // When
        AffineQuantizer whole = WeightGrid.MIN_MAX.of(three, weight(values));
        AffineQuantizer best = WeightGrid.LEAST_ERROR.of(three, weight(values));

        // Then
        assertThat(best.scale().values()[0]).isGreaterThan(1.2f * whole.scale().values()[0]);
        for (int channel = 0; channel < 2; channel++) {
            assertThat(error(best, values, channel)).isLessThanOrEqualTo(error(whole, values, channel));
        }
    }

    private static double error(AffineQuantizer quantizer, float[] values, int channel) {
        float[] left =
                QuantizedWeight.nearest(quantizer, weight(values)).dequantize().values();
        double error = 0;
        for (int i = channel * 201; i < (channel + 1) * 201; i++) {
            error += Math.pow(Math.abs(left[i] - values[i]), 2.4);
        }
        return error;
    }

    @Test
    void shouldKeepTheWholeExtentOfWhatFitsTheGrid() {
        // Sixteen equal steps from -8 to 7 are met exactly; nothing narrower is as good.
        float[] values = new float[32];
        for (int i = 0; i < 32; i++) {
            values[i] = i % 16 - 8;
        }

        assertThat(WeightGrid.LEAST_ERROR.of(FOUR, weight(values)))
                .isEqualTo(WeightGrid.MIN_MAX.of(FOUR, weight(values)));
    }

    @Test
    void shouldCoverAChannelOfZeros() {
        AffineQuantizer quantizer = WeightGrid.LEAST_ERROR.of(FOUR, weight(0, 0, 1, 2));

        assertThat(QuantizedWeight.nearest(quantizer, weight(0, 0, 1, 2))
                        .dequantize()
                        .values())
                .containsExactly(new float[] {0, 0, 1, 2}, within(0.05f));
    }
}
