package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ImagePriorsTest {

    /** Two images of 2x3 pixels. */
    private static final float[] IMAGES = {1, 2, 4, 0, 3, -1, 2, 0, 1, 5, 1, -2};

    @Test
    void shouldSumTheLengthsOfTheDifferencesInFourDirections() {
        // Given: the differences, written out
        double right = norm(1, 2, 3, -4, -2, 1, -4, -3);
        double below = norm(-1, 1, -5, 3, 1, -3);
        double belowLeft = norm(0 - 2, 3 - 4, 5 - 0, 1 - 1);
        double belowRight = norm(3 - 1, -1 - 2, 1 - 2, -2 - 0);

        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(IMAGES, 2, 1, 2, 3);

            assertThat((double) ImagePriors.totalVariation(x).item())
                    .isCloseTo(right + below + belowLeft + belowRight, within(1e-4));
        }
    }

    @Test
    void shouldAverageTheLengthsOfTheImages() {
        double expected = (norm(1, 2, 4, 0, 3, -1) + norm(2, 0, 1, 5, 1, -2)) / 2;

        try (Scope _ = Scope.open()) {
            assertThat((double)
                            ImagePriors.pixelNorm(Tensor.of(IMAGES, 2, 1, 2, 3)).item())
                    .isCloseTo(expected, within(1e-5));
        }
    }

    @Test
    void shouldAgreeWithCentralDifferences() {
        NumericGradient.assertAgrees(ImagePriors::totalVariation, IMAGES, 2, 1, 2, 3);
        NumericGradient.assertAgrees(ImagePriors::pixelNorm, IMAGES, 2, 1, 2, 3);
    }

    @Test
    void shouldHaveNoSlopeAtABlankImage() {
        assertThat(NumericGradient.gradient(ImagePriors::totalVariation, new float[12], 2, 1, 2, 3))
                .containsOnly(0);
        assertThat(NumericGradient.gradient(ImagePriors::pixelNorm, new float[12], 2, 1, 2, 3))
                .containsOnly(0);
    }

    @Test
    void shouldTakeAnImageOfOnePixel() {
        try (Scope _ = Scope.open()) {
            assertThat((double) ImagePriors.totalVariation(Tensor.of(new float[] {3}, 1, 1, 1, 1))
                            .item())
                    .isCloseTo(0, within(1e-3));
        }
    }

    private static double norm(double... values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
