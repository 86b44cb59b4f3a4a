package dev.dsg.engine.evaluation;

/**
 * Where a number lies with a confidence of 95 %, if what it was measured on is a sample of much more.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {

    /** The 97.5th percentile of the standard normal distribution. */
    private static final double Z = 1.959963984540054;

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException(low + " above " + high);
        }
    }

    /**
     * Of a share, by its score test: Wilson, "Probable inference, the law of succession, and statistical inference", 1927,
     * recommended by Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", 2001. It keeps its promise
     * near 0 and 1 too, where the interval of the textbooks does not.
     *
     * @param count how many of them count
     * @param of at least 1
     */
    public static Interval ofShare(long count, long of) {
        double square = Z * Z;
        double share = (double) count / of;
        double centre = (share + square / (2.0 * of)) / (1 + square / of);
        double reach = Z / (1 + square / of) * Math.sqrt(share * (1 - share) / of + square / (4.0 * of * of));
        // At the ends, rounding must not push it past what a share can be, or past the share itself.
        return new Interval(
                count == 0 ? 0 : Math.max(0, centre - reach), count == of ? 1 : Math.min(1, centre + reach));
    }

    /**
     * Of the difference of two shares of the same images, by the adjusted Wald interval: Agresti and Min, "Simple improved
     * confidence intervals for comparing matched proportions", 2005, which adds half an image to every cell.
     *
     * @param lost how many count in the first alone
     * @param won how many count in the second alone
     * @param of at least 1
     * @return of the first share less the second
     */
    public static Interval ofPairedDifference(long lost, long won, long of) {
        double all = of + 2.0;
        double difference = (double) lost - won;
        double error = Math.sqrt(lost + won + 1 - difference * difference / all);
        return new Interval(Math.max(-1, (difference - Z * error) / all), Math.min(1, (difference + Z * error) / all));
    }

    /**
     * Of a median: the order statistics between which it lies whatever the distribution, by the normal approximation of
     * Conover, "Practical Nonparametric Statistics", 3rd edition, section 3.2. Fewer than six values cannot tell so much; then
     * these are the extremes.
     *
     * @param sorted at least one value, in ascending order
     */
    public static Interval ofMedian(double[] sorted) {
        double reach = Z * Math.sqrt(sorted.length) / 2;
        int low = (int) Math.floor(sorted.length / 2.0 - reach);
        int high = (int) Math.ceil(sorted.length / 2.0 + reach);
        return new Interval(sorted[Math.max(0, low - 1)], sorted[Math.min(high, sorted.length - 1)]);
    }
}
