package dev.dsg.engine.painting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersTest {

    private static final int BATCH = 3;
    private static final int CHANNELS = 2;
    private static final int PIXELS = 20;

    private final Learned learned = new Learned(new Random(1), AdamLeaf.Betas.USUAL);

    private static float[] noise(int count) {
        Random random = new Random(2);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (1 + 2 * random.nextGaussian());
        }
        return values;
    }

    /** The slow twin of a norm: by the batch's own mean and biased variance. */
    private static double[] normalised(float[] x, double epsilon) {
        double[] result = new double[x.length];
        for (int c = 0; c < CHANNELS; c++) {
            double mean = 0;
            double variance = 0;
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < x.length; i++) {
                    if (i / PIXELS % CHANNELS == c) {
                        mean += pass == 0 ? x[i] / (double) (BATCH * PIXELS) : 0;
                        variance += pass == 0 ? 0 : (x[i] - mean) * (x[i] - mean) / (BATCH * PIXELS);
                    }
                }
            }
            for (int i = 0; i < x.length; i++) {
                if (i / PIXELS % CHANNELS == c) {
                    result[i] = (x[i] - mean) / Math.sqrt(variance + epsilon);
                }
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource({"1e-5", "0.8"})
    void shouldNormaliseByTheStatisticsOfTheBatch(double epsilon) {
        float[] x = noise(BATCH * CHANNELS * PIXELS);
        double[] expected = normalised(x, epsilon);

        try (Scope _ = Scope.open();
                learned) {
            Norm norm = Norm.of(learned, "norm", CHANNELS, epsilon);
            float[] made = norm.apply(Tensor.of(x, BATCH, CHANNELS, 4, 5)).toFloats();

            for (int i = 0; i < x.length; i++) {
                assertThat((double) made[i]).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void shouldScaleAndShiftByTheClassOfTheImage() {
        // Given
        float[] x = noise(BATCH * CHANNELS * PIXELS);
        double[] bare = normalised(x, 0.8);
        float[] scale = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] shift = {0, 1, 0, -1, 2, 0, 0, 3};
        int[] labels = {3, 0, 2};

        try (Scope _ = Scope.open();
                learned) {
            ClassNorm norm = ClassNorm.of(learned, "norm", 4, CHANNELS, 0.8);
            norm.scale().restore(new AdamLeaf.State(scale, new float[8], new float[8], 0));
            norm.shift().restore(new AdamLeaf.State(shift, new float[8], new float[8], 0));

            // When
            float[] made = norm.apply(Tensor.of(x, BATCH, CHANNELS, 4, 5), Tensor.oneHot(labels, 4))
                    .toFloats();

            // Then
            for (int i = 0; i < x.length; i++) {
                int at = labels[i / PIXELS / CHANNELS] * CHANNELS + i / PIXELS % CHANNELS;
                assertThat((double) made[i]).isCloseTo(bare[i] * scale[at] + shift[at], within(1e-3));
            }
        }
    }

    @Test
    void shouldStartWeightsWithinOneOverTheRootOfTheInputs() {
        try (learned) {
            Linear linear = Linear.of(learned, "linear", 16, 50);
            Convolution convolution = Convolution.of(learned, "convolution", 4, 30);

            assertThat(greatest(linear.weight())).isBetween(0.23, 0.25);
            assertThat(greatest(convolution.weight())).isBetween(0.16, 1 / 6.0);
            assertThat(learned.leaves().keySet())
                    .containsExactly("linear.weight", "linear.bias", "convolution.weight", "convolution.bias");
        }
    }

    private static double greatest(AdamLeaf leaf) {
        double greatest = 0;
        for (float v : leaf.toFloats()) {
            greatest = Math.max(greatest, Math.abs(v));
        }
        return greatest;
    }

    @Test
    void shouldRefuseTwoLayersOfOneName() {
        try (learned) {
            Linear.of(learned, "linear", 2, 2);

            assertThatThrownBy(() -> Linear.of(learned, "linear", 2, 2)).hasMessage("linear.weight is there already");
        }
    }

    @Test
    void shouldCutWhatIsLargerThanTheImages() {
        Sides sides = new Sides(5, 8);

        assertThat(sides.rows()).isEqualTo(2);
        assertThat(sides.columns()).isEqualTo(2);
        try (Scope _ = Scope.open()) {
            assertThat(sides.cut(Tensor.zeros(1, 3, 8, 8)).shape()).containsExactly(1, 3, 5, 8);
        }
    }

    /** Two leaves with equal gradients part as soon as one has forgotten more. */
    @Test
    void shouldFollowTheirGradientsAsLongAsTheBetasRemember() {
        double expected = twoSteps(0.5, 0.999);

        try (AdamLeaf leaf = new AdamLeaf(new AdamLeaf.Betas(0.5, 0.999), new float[] {0}, 1)) {
            descend(leaf, 1);
            descend(leaf, -3);

            assertThat((double) leaf.toFloats()[0]).isCloseTo(expected, within(1e-6));
            assertThat(expected).isNotCloseTo(twoSteps(0.9, 0.999), within(1e-3));
        }
    }

    /** Adam with gradients 1 and -3 at a rate of 0.1, written out. */
    private static double twoSteps(double beta1, double beta2) {
        double m = 1 - beta1;
        double v = 1 - beta2;
        double x = -0.1 * (m / (1 - beta1)) / (Math.sqrt(v / (1 - beta2)) + 1e-8);
        m = beta1 * m - 3 * (1 - beta1);
        v = beta2 * v + 9 * (1 - beta2);
        return x - 0.1 * (m / (1 - beta1 * beta1)) / (Math.sqrt(v / (1 - beta2 * beta2)) + 1e-8);
    }

    @Test
    void shouldGoOnFromARestoredState() {
        try (AdamLeaf leaf = new AdamLeaf(new float[] {1, 2}, 2);
                AdamLeaf other = new AdamLeaf(new float[] {5, 5}, 2)) {
            descend(leaf, 1);
            other.restore(leaf.state());
            descend(leaf, -3);
            descend(other, -3);

            assertThat(other.toFloats()).isEqualTo(leaf.toFloats());
            assertThat(other.state().steps()).isEqualTo(2);
        }
    }

    private static void descend(AdamLeaf leaf, double gradient) {
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            gradients.backward(leaf.value().mul(gradient).sum());
        }
        leaf.step(0.1);
    }
}
