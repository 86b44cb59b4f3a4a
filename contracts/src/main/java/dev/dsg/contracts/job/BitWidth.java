package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.DsgException;

/**
 * How many bits a quantized number has.
 *
 * @param bits 2 to 8; one JSON number on the wire
 */
public record BitWidth(@JsonValue int bits) {
    /** The least number of bits. */
    public static final int MIN = 2;
    /** The largest number of bits. */
    public static final int MAX = 8;

    /** Refuses widths outside 2..8. */
    public BitWidth {
        if (bits < MIN || bits > MAX) {
            throw DsgException.invalid("bits", bits, "an integer in " + MIN + ".." + MAX);
        }
    }

    /** The width of so many bits. */
    @JsonCreator
    public static BitWidth of(int bits) {
        return new BitWidth(bits);
    }

    /** The number of values it can tell apart. */
    public int levels() {
        return 1 << bits;
    }

    @Override
    public String toString() {
        return Integer.toString(bits);
    }
}
