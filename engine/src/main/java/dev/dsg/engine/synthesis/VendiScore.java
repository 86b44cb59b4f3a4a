package dev.dsg.engine.synthesis;

/**
 * How many different images a batch amounts to (Friedman and Dieng, 2023): the exponential of the entropy of the
 * eigenvalues of {@code G / n}, where G holds the cosines between the n images. It is 1 if all are alike and n if they are
 * orthogonal.
 */
public final class VendiScore {

    private static final int HALVINGS = 50;
    private static final double TINY = 1e-300;

    private VendiScore() {}

    /** @param gram {@code [n, n]}, symmetric, with ones on the diagonal and no eigenvalue below 0 */
    public static double of(float[] gram, int n) {
        double entropy = 0;
        for (double eigenvalue : eigenvalues(gram, n)) {
            double share = eigenvalue / n;
            entropy -= share > 0 ? share * StrictMath.log(share) : 0;
        }
        return StrictMath.exp(entropy);
    }

    /** The eigenvalues, ascending, of a matrix such as {@link #of} takes: all lie from 0 to n. */
    static double[] eigenvalues(float[] matrix, int n) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n * n; i++) {
            a[i / n][i % n] = matrix[i];
        }
        double[] beside = tridiagonalise(a);
        double[] values = new double[n];
        for (int k = 0; k < n; k++) {
            values[k] = bisect(a, beside, k);
        }
        return values;
    }

    /**
     * Reflects {@code a} step by step into a tridiagonal matrix with the same eigenvalues (Golub and Van Loan, Matrix
     * Computations, section 8.3.1). Its diagonal is left in {@code a}; what is beside it is returned.
     */
    private static double[] tridiagonalise(double[][] a) {
        int n = a.length;
        double[] beside = new double[Math.max(n - 1, 0)];
        for (int k = 0; k < n - 1; k++) {
            double[] v = new double[n];
            System.arraycopy(a[k], k + 1, v, k + 1, n - k - 1);
            double length = Math.sqrt(dot(v, v, k + 1));
            beside[k] = -Math.copySign(length, v[k + 1]);
            v[k + 1] -= beside[k];
            double square = dot(v, v, k + 1);
            if (square > 0) {
                reflect(a, v, 2 / square, k + 1);
            }
        }
        return beside;
    }

    /** {@code a <- P a P} for {@code P = I - beta v v^T}, from row and column {@code from} on. */
    private static void reflect(double[][] a, double[] v, double beta, int from) {
        int n = a.length;
        double[] w = new double[n];
        for (int i = from; i < n; i++) {
            w[i] = beta * dot(a[i], v, from);
        }
        double half = beta * dot(w, v, from) / 2;
        for (int i = from; i < n; i++) {
            w[i] -= half * v[i];
        }
        for (int i = from; i < n; i++) {
            for (int j = from; j < n; j++) {
                a[i][j] -= v[i] * w[j] + w[i] * v[j];
            }
        }
    }

    private static double dot(double[] a, double[] b, int from) {
        double sum = 0;
        for (int i = from; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The {@code k}-th smallest eigenvalue, by bisection (section 8.4.1). */
    private static double bisect(double[][] a, double[] beside, int k) {
        double lo = 0;
        double hi = a.length;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (lo + hi) / 2;
            if (below(middle, a, beside) > k) {
                hi = middle;
            } else {
                lo = middle;
            }
        }
        return lo;
    }

    /** How many eigenvalues lie below {@code x}: as many as pivots of the matrix less {@code x} are negative. */
    private static int below(double x, double[][] a, double[] beside) {
        double pivot = 1;
        int below = 0;
        for (int i = 0; i < a.length; i++) {
            double off = i == 0 ? 0 : beside[i - 1];
            pivot = a[i][i] - x - off * off / pivot;
            pivot = pivot == 0 ? TINY : pivot;
            below += pivot < 0 ? 1 : 0;
        }
        return below;
    }
}
