package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which values the integers of a weight can stand for.
 *
 * @param sharing what has one scale and zero point
 * @param zero where the zero point lies
 * @param extent how far the values reach
 */
public record WeightGrid(Sharing sharing, Zero zero, Extent extent) {

    /** Each output channel from its smallest to its largest value, as ZeroQ and DSG have it. */
    public static final WeightGrid MIN_MAX = new WeightGrid(Sharing.CHANNEL, Zero.ANYWHERE, Extent.WHOLE);

    /** Each output channel between the ends that leave the least error, as BRECQ and QDrop have it. */
    public static final WeightGrid LEAST_ERROR = new WeightGrid(Sharing.CHANNEL, Zero.ANYWHERE, Extent.LEAST_ERROR);

    private static final int CANDIDATES = 80;
    private static final double NORM = 2.4;

    /** What has one scale and zero point. */
    public enum Sharing {
        /** Each output channel. */
        CHANNEL,
        /** The whole weight; every channel bears a copy. */
        TENSOR
    }

    /** Where the zero point lies. */
    public enum Zero {
        /** Wherever the range puts it. */
        ANYWHERE,
        /** In the middle: integer 0 is value 0, and the largest integer is the value of the largest size. */
        CENTRE
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
    AffineQuantizer of(BitWidth bits, HostTensor weight) {
        int channels = weight.size(0);
        int each = weight.values().length / channels;
        Range[] ranges =
                switch (sharing) {
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
        return AffineQuantizer.perChannel(bits, ranges);
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
        return switch (zero) {
            case ANYWHERE -> new Range(lo, hi);
            case CENTRE -> {
                float step = Math.max(-lo, hi) / bits.highest();
                yield new Range(bits.lowest() * step, bits.highest() * step);
            }
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
