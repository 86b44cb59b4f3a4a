package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Tensor;
import java.util.random.RandomGenerator;

/** Replaces each value of a tensor, with a given probability, by that of another. */
final class Dropping {

    /** Four values share the 64 bits of a draw. */
    private static final int LANES = 4;

    private static final int LANE_BITS = 16;

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
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits = i % LANES == 0 ? random.nextLong() : bits >>> LANE_BITS;
            mask[i] = (bits & ((1 << LANE_BITS) - 1)) < threshold ? 1 : 0;
        }
        return shape.length == 4
                ? Tensor.ofChannelsLast(mask, (int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3])
                : Tensor.of(mask, shape);
    }
}
