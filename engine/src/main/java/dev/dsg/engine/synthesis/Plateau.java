package dev.dsg.engine.synthesis;

/**
 * Lowers the learning rate tenfold when the loss has not fallen by a ten-thousandth for more than {@code patience} steps,
 * down to 1e-4 (as torch's ReduceLROnPlateau with a relative threshold).
 */
final class Plateau {

    private static final double FACTOR = 0.1;
    private static final double LEAST_RATE = 1e-4;
    private static final double THRESHOLD = 1e-4;

    private final int patience;
    private double rate;
    private double best = Double.POSITIVE_INFINITY;
    private int bad;

    Plateau(double rate, int patience) {
        this.rate = rate;
        this.patience = patience;
    }

    double rate() {
        return rate;
    }

    void observe(double loss) {
        if (loss < best * (1 - THRESHOLD)) {
            best = loss;
            bad = 0;
        } else if (++bad > patience) {
            rate = Math.max(rate * FACTOR, Math.min(rate, LEAST_RATE));
            bad = 0;
        }
    }
}
