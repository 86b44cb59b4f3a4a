package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AffineQuantizerTest {

    private Scope scope;

    @BeforeEach
    void openScope() {
        scope = Scope.open();
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 7.5, 0,  0.5,  4,  0.53333",
        "-1, 1, 7.5, 0,  1.0,  7,  0.93333",
        "-1, 1, 7.5, 0, -1.0, -8, -1.06667",
        " 0, 6, 2.5, 8,  6.0,  7,  6.0",
        " 0, 6, 2.5, 8,  1.0, -6,  0.8",
        " 0, 6, 2.5, 8,  1.1, -5,  1.2"
    })
    void shouldGiveTheGoldenValuesOfFourBits(
            float lo, float hi, float scale, float zero, float v, float q, float left) {
        AffineQuantizer quantizer = AffineQuantizer.perTensor(new BitWidth(4), new Range(lo, hi));
        Tensor value = Tensor.of(new float[] {v}, 1);

        assertThat(quantizer.scale().values()).containsExactly(scale);
        assertThat(quantizer.zeroPoint().values()).containsExactly(zero);
        assertThat(quantizer.quantize(value).item()).isEqualTo(q);
        assertThat(quantizer.fakeQuantize(value).item()).isCloseTo(left, within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void shouldEqualTheHostTwinExactly(int bits) {
        Random random = new Random(bits);
        for (int round = 0; round < 50; round++) {
            float lo = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-3, 3)));
            float hi = lo + (float) (Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(-3, 3)));
            HostQuantizer twin = new HostQuantizer(bits, lo, hi);
            AffineQuantizer quantizer = AffineQuantizer.perTensor(new BitWidth(bits), new Range(lo, hi));
            float[] values = valuesAround(lo, hi, twin, random);
            Tensor x = Tensor.of(values, values.length);

            float[] expected = twin.fakeQuantize(values);
            assertThat(quantizer.fakeQuantize(x).toFloats()).isEqualTo(expected);
            assertThat(x.toFloats()).as("input").isEqualTo(values);
            assertThat(quantizer.fakeQuantizeInPlace(x).toFloats()).isEqualTo(expected);
            assertThat(x.toFloats()).as("in place").isEqualTo(expected);
        }
    }

    /** Values inside and outside of the range, and the points where rounding is a tie. */
    private static float[] valuesAround(float lo, float hi, HostQuantizer twin, Random random) {
        float[] values = new float[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 3 == 0
                    ? (random.nextInt(-300, 300) + 0.5f + twin.zeroPoint()) / twin.scale()
                    : (float) (lo + (hi - lo) * (2 * random.nextDouble() - 0.5));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void shouldGiveEveryChannelItsOwnRange(int bits) {
        Random random = new Random(bits);
        int channels = 5;
        int each = 3 * 2 * 2;
        float[] values = new float[channels * each];
        float[] expected = new float[values.length];
        for (int c = 0; c < channels; c++) {
            float lo = Float.POSITIVE_INFINITY;
            float hi = Float.NEGATIVE_INFINITY;
            for (int i = c * each; i < (c + 1) * each; i++) {
                values[i] = (float) (c + random.nextGaussian() * (c + 1));
                lo = Math.min(lo, values[i]);
                hi = Math.max(hi, values[i]);
            }
            for (int i = c * each; i < (c + 1) * each; i++) {
                expected[i] = new HostQuantizer(bits, lo, hi).fakeQuantize(values[i]);
            }
        }
        Tensor weight = Tensor.of(values, channels, 3, 2, 2);

        AffineQuantizer quantizer = WeightGrid.MIN_MAX.of(new BitWidth(bits), new HostTensor(weight.shape(), values));

        assertThat(quantizer.scale().shape()).containsExactly(channels);
        assertThat(quantizer.fakeQuantize(weight).toFloats()).isEqualTo(expected);
        assertThat(quantizer.fakeQuantizeInPlace(weight).toFloats()).isEqualTo(expected);
    }

    @Test
    void shouldNotTakeARangeForNarrowerThanAHundredMillionth() {
        AffineQuantizer quantizer = AffineQuantizer.perTensor(new BitWidth(4), new Range(0, 0));

        assertThat(quantizer.scale().values()).containsExactly(15 / 1e-8f);
        assertThat(quantizer.zeroPoint().values()).containsExactly(8);
    }

    @Test
    void shouldKeepAConstantChannel() {
        Tensor weight = Tensor.of(new float[] {5, 5, -0.25f, -0.25f}, 2, 2);

        AffineQuantizer quantizer =
                WeightGrid.MIN_MAX.of(new BitWidth(2), new HostTensor(weight.shape(), weight.toFloats()));

        assertThat(quantizer.fakeQuantize(weight).toFloats()).containsExactly(5, 5, -0.25f, -0.25f);
    }

    @Test
    void shouldQuantizeWhateverTheMemoryOrder() {
        Random random = new Random(1);
        float[] values = new float[2 * 3 * 4 * 5];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        AffineQuantizer quantizer = AffineQuantizer.perTensor(new BitWidth(3), new Range(0, 1));
        Tensor rowMajor = Tensor.of(values, 2, 3, 4, 5);
        Tensor channelsLast = rowMajor.channelsLast();

        assertThat(quantizer.fakeQuantizeInPlace(channelsLast).toFloats())
                .isEqualTo(quantizer.fakeQuantize(rowMajor).toFloats())
                .isEqualTo(new HostQuantizer(3, 0, 1).fakeQuantize(values));
    }

    @Test
    void shouldReplaceAPointByTheExtremesOfTheTensor() {
        Tensor x = Tensor.of(new float[] {-1, 0.5f, 1}, 3);

        Tensor left = new ActivationQuantizer(new BitWidth(4), new Range(2, 2)).applyInPlace(x);

        assertThat(left.toFloats()).isEqualTo(new HostQuantizer(4, -1, 1).fakeQuantize(new float[] {-1, 0.5f, 1}));
    }

    @Test
    void shouldRefuseMixedShapes() {
        HostTensor one = new HostTensor(new long[] {1}, new float[1]);
        HostTensor two = new HostTensor(new long[] {2}, new float[2]);

        assertThatThrownBy(() -> new AffineQuantizer(new BitWidth(4), one, two))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
