package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VendiScoreTest {

    @Test
    void shouldCountImagesThatHaveNothingInCommon() {
        assertThat(VendiScore.of(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3)).isCloseTo(3, within(1e-9));
        assertThat(VendiScore.of(new float[] {1}, 1)).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldCountImagesThatAreAlikeAsOne() {
        assertThat(VendiScore.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 3)).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldFindTheEigenvaluesOfACirculantMatrix() {
        // Given: 1 on the diagonal, 1/4 beside it, cyclic; eigenvalues 1 + cos(2 pi k / n) / 2
        int n = 12;
        float[] matrix = new float[n * n];
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = 1;
            matrix[i * n + (i + 1) % n] = 0.25f;
            matrix[(i + 1) % n * n + i] = 0.25f;
        }

        // When
        double[] values = VendiScore.eigenvalues(matrix, n);

        // Then: ascending, each but the ends twice
        for (int k = 0; k < n; k++) {
            assertThat(values[n - 1 - k]).isCloseTo(1 + 0.5 * Math.cos(2 * Math.PI * ((k + 1) / 2) / n), within(1e-9));
        }
    }

    /** The traces of the matrix, its square and its cube are the sums of the powers of its eigenvalues. */
    @Test
    void shouldKeepTheTracesOfPowers() {
        int n = 20;
        float[] gram = cosines(n, new Random(4));

        double[] values = VendiScore.eigenvalues(gram, n);

        double[] sums = new double[3];
        for (double value : values) {
            for (int power = 1; power <= 3; power++) {
                sums[power - 1] += Math.pow(value, power);
            }
        }
        assertThat(sums[0]).isCloseTo(n, within(1e-5));
        assertThat(sums[1]).isCloseTo(trace(gram, gram, n), within(1e-5));
        assertThat(sums[2]).isCloseTo(trace(product(gram, gram, n), gram, n), within(1e-4));
    }

    private static float[] cosines(int n, Random random) {
        double[][] rows = new double[n][7];
        for (double[] row : rows) {
            double squares = 0;
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextGaussian();
                squares += row[i] * row[i];
            }
            for (int i = 0; i < row.length; i++) {
                row[i] /= Math.sqrt(squares);
            }
        }
        float[] gram = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            double dot = 0;
            for (int k = 0; k < rows[0].length; k++) {
                dot += rows[i / n][k] * rows[i % n][k];
            }
            gram[i] = (float) dot;
        }
        return gram;
    }

    private static float[] product(float[] a, float[] b, int n) {
        float[] product = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += a[i * n + k] * b[k * n + j];
                }
                product[i * n + j] = (float) sum;
            }
        }
        return product;
    }

    private static double trace(float[] a, float[] b, int n) {
        float[] product = product(a, b, n);
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += product[i * n + i];
        }
        return trace;
    }
}
