package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Tensor;
import java.util.random.RandomGenerator;

/** Replaces each value of a tensor, with a given probability, by that of another. */
final class Dropping {

    /** Four values share the 64 bits of a draw. */
    private static final int LANES = 4;

    private static final int LANE_BITS = 16;
    private static final long LANE = (1L << LANE_BITS) - 1;

    private final RandomGenerator random;
    private final long threshold;

    /** @param probability to the nearest multiple of 2^-16 */
    Dropping(double probability, RandomGenerator random) {
        this.threshold = Math.round(probability * (1 << LANE_BITS));
        this.random = random;
    }

    /** Values of {@code exact} where the dice say so, and of {@code quantized} elsewhere. */
    Tensor mix(Tensor exact, Tensor quantized) {
        if (threshold == 0) {
            return quantized;
        }
        return quantized.add(exact.sub(quantized).mul(mask(exact.shape())));
    }

    private Tensor mask(long[] shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(size));
        }
        float[] mask = new float[count];
        for (int from = 0; from < count; from += LANES) {
            long bits = random.nextLong();
            for (int i = from; i < Math.min(from + LANES, count); i++) {
                // 1 where the lane is below the threshold: the sign of their difference, since branches on dice
                // mispredict.
                mask[i] = ((bits & LANE) - threshold) >>> (Long.SIZE - 1);
                bits >>>= LANE_BITS;
            }
        }
        return shape.length == 4
                ? Tensor.ofChannelsLast(mask, (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3])
                : Tensor.of(mask, shape);
    }
}
