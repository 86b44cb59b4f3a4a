package dev.dsg.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void shouldRoundHalfToEven() {
        try (Scope _ = Scope.open()) {
            Tensor t = Tensor.of(new float[] {-1.5f, -0.5f, 0.5f, 1.5f, 2.5f}, 5);

            assertThat(t.round().toFloats()).containsExactly(-2, -0f, 0, 2, 2);
        }
    }

    @Test
    void shouldKeepShapeAndValuesInAnyMemoryOrder() {
        try (Scope _ = Scope.open()) {
            Tensor plain = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 2, 2);
            Tensor last = Tensor.ofChannelsLast(new float[] {1, 5, 2, 6, 3, 7, 4, 8}, 1, 2, 2, 2);

            assertThat(last.shape()).containsExactly(1, 2, 2, 2);
            assertThat(last.toFloats()).containsExactly(plain.toFloats());
            assertThat(plain.channelsLast().toFloats()).containsExactly(plain.toFloats());
        }
    }

    @Test
    void shouldFreeWhatAScopeDoesNotKeep() {
        Tensor kept;
        Tensor freed;
        try (Scope scope = Scope.open()) {
            freed = Tensor.scalar(1);
            kept = scope.keep(Tensor.scalar(2));
        }
        assertThat(kept.item()).isEqualTo(2);
        kept.close();
        assertThatThrownBy(freed::item).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldStepLikeAdam() {
        // Given: the first two steps of algorithm 1 of Kingma and Ba by hand, gradients 1 and 3
        double m1 = 0.1;
        double v1 = 0.001;
        double x1 = -0.5 * (m1 / 0.1) / (Math.sqrt(v1 / 0.001) + 1e-8);
        double m2 = 0.9 * m1 + 0.1 * 3;
        double v2 = 0.999 * v1 + 0.001 * 9;
        double x2 = x1 - 0.5 * (m2 / (1 - 0.81)) / (Math.sqrt(v2 / (1 - 0.998001)) + 1e-8);

        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(new float[] {0}, 1).requireGradient();
            Tensor m = Tensor.zeros(1);
            Tensor v = Tensor.zeros(1);

            backward(x, 1);
            x.adamStep(m, v, AdamLeaf.Betas.USUAL, 0.5, 1);
            assertThat((double) x.item()).isCloseTo(x1, within(1e-6));

            backward(x, 3);
            x.adamStep(m, v, AdamLeaf.Betas.USUAL, 0.5, 2);
            assertThat((double) x.item()).isCloseTo(x2, within(1e-5));
        }
    }

    @Test
    void shouldStepLikeNesterov() {
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(new float[] {2}, 1).requireGradient();
            Tensor velocity = Tensor.zeros(1);

            backward(x, 1);
            x.nesterovStep(velocity, 0.1, 0.9, 0.5);

            // g = 1 + 0.5 * 2 = 2; v = 2; x = 2 - 0.1 * (2 + 0.9 * 2)
            assertThat((double) x.item()).isCloseTo(1.62, within(1e-6));
            assertThat(velocity.item()).isEqualTo(2);

            backward(x, 1);
            x.nesterovStep(velocity, 0.1, 0.9, 0);
            // v = 0.9 * 2 + 1 = 2.8; x = 1.62 - 0.1 * (1 + 0.9 * 2.8)
            assertThat((double) x.item()).isCloseTo(1.268, within(1e-6));
        }
    }

    @Test
    void shouldSumAlikeWhateverTheShape() {
        float[] values = new float[300 * 400];
        Random random = new Random(1);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
            sum += values[i];
        }
        try (Scope _ = Scope.open()) {
            assertThat((double) Tensor.of(values, 300, 400).sum().item()).isCloseTo(sum, within(sum * 1e-6));
            assertThat((double) Tensor.of(values, 300, 20, 20).mean().item())
                    .isCloseTo(sum / values.length, within(1e-6));
        }
    }

    private static void backward(Tensor x, double slope) {
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            gradients.backward(x.mul(slope).sum());
        }
    }

    @Test
    void shouldRepeatRowsAndColumns() {
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 1, 2);

            assertThat(x.enlarge(2).shape()).containsExactly(2, 2, 2, 4);
            assertThat(x.enlarge(2).toFloats())
                    .containsExactly(
                            1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4, //
                            5, 5, 6, 6, 5, 5, 6, 6, 7, 7, 8, 8, 7, 7, 8, 8);
        }
    }
}
