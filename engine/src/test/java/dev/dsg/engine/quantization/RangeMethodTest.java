package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeMethodTest {

    private static final BitWidth FOUR = new BitWidth(4);
    private static final int IMAGES = 12;

    private Scope scope;

    @BeforeEach
    void openScope() {
        scope = Scope.open();
    }

    @AfterEach
    void closeScope() {
        scope.close();
    }

    private static Range rangeOf(RangeMethod method, BitWidth bits, float[]... images) {
        return rangeOf(method, bits, images.length, batch(images));
    }

    private static Range rangeOf(RangeMethod method, BitWidth bits, int images, Tensor... batches) {
        RangeObserver observer = method.observer(bits, images);
        for (Tensor batch : batches) {
            observer.observe(batch);
        }
        return observer.range();
    }

    private static Tensor batch(float[]... images) {
        float[] all = new float[images.length * images[0].length];
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(images[i], 0, all, i * images[i].length, images[i].length);
        }
        return Tensor.of(all, images.length, images[0].length);
    }

    @Test
    void shouldAverageTheExtremesOfImages() {
        assertThat(rangeOf(RangeMethod.SAMPLE_MEAN, FOUR, new float[] {-1, 3, 0}, new float[] {5, 2, -3}))
                .isEqualTo(new Range(-2, 4));
    }

    @Test
    void shouldAverageOverTheImagesOfAllBatches() {
        Range range = rangeOf(
                RangeMethod.SAMPLE_MEAN, FOUR, 3, batch(new float[] {-1, 3}, new float[] {-2, 4}), batch(new float[] {
                    -6, 8
                }));

        assertThat(range).isEqualTo(new Range(-3, 5));
    }

    @Test
    void shouldTakeMinusZeroForZero() {
        assertThat(new Range(-0f, -0f)).isEqualTo(Range.ZERO);
    }

    @Test
    void shouldTakeTheExtremesOfAll() {
        assertThat(rangeOf(RangeMethod.MIN_MAX, FOUR, new float[] {-1, 3, 0}, new float[] {5, 2, -3}))
                .isEqualTo(new Range(-3, 5));
    }

    @Test
    void shouldInterpolatePercentilesBetweenNeighbours() {
        assertThat(rangeOf(RangeMethod.PERCENTILE, FOUR, new float[] {-1}, new float[] {1}))
                .isEqualTo(new Range(-0.99998f, 0.99998f));
    }

    @Test
    void shouldLeaveOneOfAHundredThousandOutsideThePercentiles() {
        float[] values = new float[100_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7L) % values.length - 50_000;
        }

        assertThat(rangeOf(RangeMethod.PERCENTILE, FOUR, values)).isEqualTo(new Range(-49_999, 49_999));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MSE")
    void shouldWidenToHoldZero(RangeMethod method) {
        assertThat(rangeOf(method, FOUR, new float[] {2, 3}).lo()).isZero();
        assertThat(rangeOf(method, FOUR, new float[] {-2, -3}).hi()).isZero();
    }

    @Test
    void shouldNotWidenTheRangeOfLeastError() {
        assertThat(rangeOf(RangeMethod.MSE, FOUR, new float[] {2, 3}).lo()).isEqualTo(2);
    }

    @Test
    void shouldClipAnOutlierIfThatLeavesLessError() {
        float[] values = new float[1000];
        for (int i = 0; i < 999; i++) {
            values[i] = i / 998f;
        }
        values[999] = 1.3f;

        Range range = rangeOf(RangeMethod.MSE, FOUR, values);

        assertThat(range.lo()).isZero();
        assertThat(range.hi()).isBetween(0.9f, 1.1f);
    }

    @Test
    void shouldPreferTheNarrowestOfEqualErrors() {
        // Below an extent of 1e-8 the scale no longer follows the range, so all candidates err alike.
        float max = 5e-9f;

        assertThat(rangeOf(RangeMethod.MSE, FOUR, new float[] {0, max}))
                .isEqualTo(new Range(0, max - (float) (0.01 * 79) * max));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void shouldErrNoMoreThanTheBestOfEightyHostCandidates(int bits) {
        float[] values = rectified(new Random(bits), 4000);

        Range range = rangeOf(RangeMethod.MSE, new BitWidth(bits), values);

        double best = Double.POSITIVE_INFINITY;
        float max = rangeOf(RangeMethod.MIN_MAX, FOUR, values).hi();
        for (int i = 0; i < 80; i++) {
            best = Math.min(best, squaredError(bits, max - 0.01f * i * max, values));
        }
        assertThat(range.lo()).isZero();
        assertThat(squaredError(bits, range.hi(), values)).isCloseTo(best, within(1e-5 * best));
    }

    private static double squaredError(int bits, float hi, float[] values) {
        HostQuantizer quantizer = new HostQuantizer(bits, 0, hi);
        double sum = 0;
        for (float v : values) {
            double error = quantizer.fakeQuantize(v) - v;
            sum += error * error;
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotDependOnOrderOrCut(RangeMethod method) {
        Random random = new Random(5);
        float[][] images = new float[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            images[i] = rectified(random, 20_000);
        }
        images[2][77] = 9; // in the first batch of both cuts, since that batch sets the candidates of MSE

        Range atOnce = rangeOf(method, FOUR, images);
        Range inThree = rangeOf(
                method,
                FOUR,
                IMAGES,
                batch(images[2], images[11], images[4]),
                batch(images[1], images[0]),
                batch(images[9], images[8], images[7], images[6], images[5], images[3], images[10]));

        assertThat(inThree).isEqualTo(atOnce);
        assertThat(atOnce.hi()).isPositive();
    }

    @Test
    void shouldTakeTheCandidatesOfLeastErrorFromTheFirstBatchThatIsNotConstant() {
        float[] values = rectified(new Random(3), 1000);

        assertThat(rangeOf(RangeMethod.MSE, FOUR, 2, batch(new float[1000]), batch(values)))
                .isEqualTo(rangeOf(RangeMethod.MSE, FOUR, values));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindAPointForASilentLayer(RangeMethod method) {
        assertThat(rangeOf(method, FOUR, new float[3], new float[3])).isEqualTo(Range.ZERO);
    }

    private static float[] rectified(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) Math.max(0, random.nextGaussian());
        }
        return values;
    }
}
