package dev.dsg.engine.data;

import java.util.Arrays;

/**
 * How the rows, or the columns, of a resized image are mixed from those of the source: result {@code i} is the sum of
 * {@code weights[i][k]} times source {@code first[i] + k}.
 *
 * <p>Result {@code i} has its centre at {@code c = (i + 1/2) s} of the source, {@code s} being the source's length over the
 * result's, and weighs every source pixel by the kernel at its distance from there over {@code max(s, 1)}; the weights of
 * one result add up to 1. They are integers in units of 2<sup>-22</sup>: that, and the rounding to bytes after either
 * axis, is the arithmetic of the libraries that images are usually prepared with, so the bytes are theirs.
 *
 * @param first {@code [results]}
 * @param weights {@code [results][taps]}
 */
record Axis(int[] first, int[][] weights) {

    private static final int BITS = 22;
    private static final int ONE = 1 << BITS;

    /**
     * The mix of some results.
     *
     * @param source length of the source
     * @param result length of the whole result
     * @param from the first of them that is wanted
     * @param count how many are wanted
     */
    static Axis of(int source, int result, int from, int count, Interpolation kernel) {
        int[] first = new int[count];
        int[][] weights = new int[count][];
        double scale = (double) source / result;
        if (kernel == Interpolation.NEAREST) {
            nearest(first, weights, scale, from);
        } else {
            for (int i = 0; i < count; i++) {
                double centre = (from + i + 0.5) * scale;
                double reach = kernel.support() * Math.max(scale, 1);
                first[i] = Math.max(0, (int) (centre - reach + 0.5));
                int end = Math.min(source, (int) (centre + reach + 0.5));
                weights[i] = taps(kernel, first[i], end, centre, Math.max(scale, 1));
            }
        }
        return new Axis(first, weights);
    }

    /** Steps from centre to centre; where one falls on an edge, the sum of the steps decides and not their product. */
    private static void nearest(int[] first, int[][] weights, double scale, int from) {
        double centre = scale * 0.5;
        for (int i = -from; i < first.length; i++, centre += scale) {
            if (i >= 0) {
                first[i] = (int) centre;
                weights[i] = new int[] {ONE};
            }
        }
    }

    private static int[] taps(Interpolation kernel, int first, int end, double centre, double stretch) {
        double[] values = new double[end - first];
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
            values[k] = kernel.weight((first + k - centre + 0.5) * (1 / stretch));
            sum += values[k];
        }
        int[] taps = new int[values.length];
        for (int k = 0; k < taps.length; k++) {
            double units = values[k] / sum * ONE;
            taps[k] = (int) (units < 0 ? units - 0.5 : units + 0.5);
        }
        return taps;
    }

    int count() {
        return first.length;
    }

    /** The source pixel before which no result needs any. */
    int start() {
        int start = Integer.MAX_VALUE;
        for (int one : first) {
            start = Math.min(start, one);
        }
        return start;
    }

    /** The source pixel from which on no result needs any. */
    int end() {
        int end = 0;
        for (int i = 0; i < count(); i++) {
            end = Math.max(end, first[i] + weights[i].length);
        }
        return end;
    }

    /**
     * Mixes one line of pixels.
     *
     * @param pixels where the line lies, from {@code at} on
     * @param channels values of one pixel
     * @param mixed takes {@link #count()} pixels from {@code to} on
     */
    void mixLine(byte[] pixels, int at, int channels, byte[] mixed, int to) {
        int[] sums = new int[channels];
        for (int i = 0; i < count(); i++) {
            Arrays.fill(sums, ONE / 2);
            int place = at + first[i] * channels;
            for (int weight : weights[i]) {
                for (int c = 0; c < channels; c++) {
                    sums[c] += weight * (pixels[place++] & 0xff);
                }
            }
            for (int c = 0; c < channels; c++) {
                mixed[to++] = rounded(sums[c]);
            }
        }
    }

    /**
     * Mixes whole lines: result {@code i} of them.
     *
     * @param lines the source, one line behind the other
     * @param length of a line
     * @param mixed takes the line, in the {@code i}-th place
     */
    void mixLines(int i, byte[] lines, int length, byte[] mixed) {
        int[] sums = new int[length];
        Arrays.fill(sums, ONE / 2);
        int place = first[i] * length;
        for (int weight : weights[i]) {
            for (int x = 0; x < length; x++) {
                sums[x] += weight * (lines[place + x] & 0xff);
            }
            place += length;
        }
        for (int x = 0; x < length; x++) {
            mixed[i * length + x] = rounded(sums[x]);
        }
    }

    private static byte rounded(int sum) {
        return (byte) Math.clamp(sum >> BITS, 0, 255);
    }
}
