package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which values the integers of a weight can stand for.
 *
 * @param granularity what has one scale and zero point
 * @param symmetry where the zero point lies
 * @param extent how far the values reach
 */
public record WeightGrid(Granularity granularity, Symmetry symmetry, Extent extent) {

    /** Each output channel from its smallest to its largest value, as ZeroQ and DSG have it. */
    public static final WeightGrid MIN_MAX = new WeightGrid(Granularity.CHANNEL, Symmetry.ASYMMETRIC, Extent.WHOLE);

    /** Each output channel between the ends that leave the least error, as BRECQ and QDrop have it. */
    public static final WeightGrid LEAST_ERROR =
            new WeightGrid(Granularity.CHANNEL, Symmetry.ASYMMETRIC, Extent.LEAST_ERROR);

    /** Each output channel on both sides of 0 as far as its values reach, as integer arithmetic has it. */
    public static final WeightGrid SYMMETRIC = new WeightGrid(Granularity.CHANNEL, Symmetry.SYMMETRIC, Extent.WHOLE);

    private static final int CANDIDATES = 80;
    private static final double NORM = 2.4;
    private static final float LEAST_STEP = 0x1p-12f;

    /** What has one scale and zero point. */
    public enum Granularity {
        /** Each output channel. */
        CHANNEL,
        /** The whole weight; every channel bears a copy. */
        TENSOR
    }

    /** Where the zero point lies. */
    public enum Symmetry {
        /** Wherever the range puts it. */
        ASYMMETRIC,
        /**
         * At 0, in steps such that the smallest and the largest value just fit. No step is below {@code 2^-12} of the
         * weight's largest one: where all is zero, any step will do, but a bias in such steps has to fit into an integer.
         */
        SYMMETRIC
    }

    /** How far the values reach. */
    public enum Extent {
        /** As far as the weight's. */
        WHOLE,
        /**
         * As far as leaves the least {@code sum |w - w'|^2.4} among 80 parts of the whole: 1.00, 0.99, ... 0.21. The
         * widest wins a tie.
         */
        LEAST_ERROR
    }

    /** The grid of {@code weight [out, ...]}, with one scale and zero point for each output channel. */
    public AffineQuantizer of(BitWidth bits, HostTensor weight) {
        int channels = weight.size(0);
        int each = weight.values().length / channels;
        Range[] ranges =
                switch (granularity) {
                    case CHANNEL ->
                        IntStream.range(0, channels)
                                .parallel()
                                .mapToObj(c -> range(bits, weight.values(), c * each, (c + 1) * each))
                                .toArray(Range[]::new);
                    case TENSOR -> {
                        Range[] same = new Range[channels];
                        Arrays.fill(same, range(bits, weight.values(), 0, weight.values().length));
                        yield same;
                    }
                };
        return AffineQuantizer.perChannel(bits, symmetry == Symmetry.SYMMETRIC ? widened(bits, ranges) : ranges);
    }

    /** No range much narrower than the widest. */
    private static Range[] widened(BitWidth bits, Range[] symmetric) {
        float widest = 0;
        for (Range range : symmetric) {
            widest = Math.max(widest, range.hi() / bits.highest());
        }
        Range least = symmetric(bits, widest == 0 ? 1 : widest * LEAST_STEP);
        return Arrays.stream(symmetric).map(least::union).toArray(Range[]::new);
    }

    private static Range symmetric(BitWidth bits, float step) {
        return new Range(bits.lowest() * step, bits.highest() * step);
    }

    private Range range(BitWidth bits, float[] values, int from, int to) {
        Range whole = whole(bits, values, from, to);
        if (extent == Extent.WHOLE) {
            return whole;
        }
        Range best = whole;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < CANDIDATES; i++) {
            float part = 1 - i / 100f;
            Range candidate = new Range(part * whole.lo(), part * whole.hi());
            double error = error(bits, candidate, values, from, to);
            if (error < least) {
                least = error;
                best = candidate;
            }
        }
        return best;
    }

    private Range whole(BitWidth bits, float[] values, int from, int to) {
        float lo = values[from];
        float hi = values[from];
        for (int i = from; i < to; i++) {
            lo = Math.min(lo, values[i]);
            hi = Math.max(hi, values[i]);
        }
        return switch (symmetry) {
            case ASYMMETRIC -> new Range(lo, hi);
            case SYMMETRIC -> symmetric(bits, Math.max(lo / bits.lowest(), hi / bits.highest()));
        };
    }

    private static double error(BitWidth bits, Range range, float[] values, int from, int to) {
        AffineQuantizer quantizer = AffineQuantizer.perTensor(bits, range);
        float scale = quantizer.scale().values()[0];
        float zeroPoint = quantizer.zeroPoint().values()[0];
        double error = 0;
        for (int i = from; i < to; i++) {
            double q = Math.clamp(Math.rint(scale * values[i] - zeroPoint), bits.lowest(), bits.highest());
            error += Math.pow(Math.abs(values[i] - (q + zeroPoint) / scale), NORM);
        }
        return error;
    }
}
