package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * How many bits a quantized number has; its integers are those of two's complement.
 *
 * @param bits 2 to 8
 */
public record BitWidth(int bits) {

    public BitWidth {
        if (bits < 2 || bits > 8) {
            throw new EngineException(Kind.INVALID_SETTING, "bits", bits, "2..8");
        }
    }

    /** The smallest integer, {@code -2^(bits-1)}. */
    public int lowest() {
        return -(1 << (bits - 1));
    }

    /** The largest integer, {@code 2^(bits-1) - 1}. */
    public int highest() {
        return (1 << (bits - 1)) - 1;
    }

    /** The number of steps from the smallest to the largest integer, {@code 2^bits - 1}. */
    public int steps() {
        return (1 << bits) - 1;
    }
}
