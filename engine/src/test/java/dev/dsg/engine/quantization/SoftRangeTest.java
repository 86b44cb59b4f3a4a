package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SoftRangeTest {

    private static final BitWidth FOUR = new BitWidth(4);
    /** Step 0.1, zero point 0. */
    private static final Range TENTHS = new Range(-0.8f, 0.7f);

    private static final float[] VALUES = {-3, -0.7f, -0.26f, 0.24f, 0.6f, 2.5f};

    @Test
    void shouldQuantizeByTheCalibratedRangeAtFirst() {
        try (Scope _ = Scope.open();
                SoftRange range = new SoftRange(FOUR, new Range(-0.3f, 1.9f))) {
            Tensor x = HostTensors.gaussian(1, 2, 3, 4, 4);

            assertThat(range.quantize(x).toFloats())
                    .containsExactly(
                            AffineQuantizer.perTensor(FOUR, new Range(-0.3f, 1.9f))
                                    .fakeQuantize(x)
                                    .toFloats(),
                            within(1e-6f));
            assertThat(range.range()).isEqualTo(new Range(-0.3f, 1.9f));
        }
    }

    @Test
    void shouldPassGradientsStraightThroughAndLearnTheStepByTheGradientOfLsq() {
        // Given
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(VALUES, 6).requireGradient();
            Tensor factor = Tensor.of(new float[] {1}, 1).requireGradient();
            Tensor upstream = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6);

            // When
            try (GradientScope gradients = GradientScope.open()) {
                AffineQuantizer quantizer = AffineQuantizer.perTensor(FOUR, TENTHS);
                gradients.backward(
                        quantizer.learnedStep(x, factor).mul(upstream).sum());
            }

            // Then: of the step, -8 below, q - x / step inside (0, -.4, -.4, 0), 7 above; it is a tenth of the factor.
            assertThat(x.gradient().toFloats()).containsExactly(new float[] {0, 2, 3, 4, 5, 0}, within(1e-5f));
            assertThat(factor.gradient().item()).isCloseTo(0.1f * (-8 + 3 * -0.4f + 4 * -0.4f + 6 * 7), within(1e-4f));
        }
    }

    @Test
    void shouldWidenWhereTooMuchIsClamped() {
        try (SoftRange range = new SoftRange(FOUR, new Range(0, 1))) {
            for (int i = 0; i < 50; i++) {
                try (Scope _ = Scope.open();
                        GradientScope gradients = GradientScope.open()) {
                    Tensor x = Tensor.of(new float[] {0.5f, 1.5f, 2}, 3);
                    gradients.backward(range.quantize(x).sub(x).square().sum());
                }
                range.step(0.02);
            }

            assertThat(range.range().hi()).isBetween(1.5f, 2.1f);
            assertThat(range.range().lo()).isZero();
        }
    }
}
