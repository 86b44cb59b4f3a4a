package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/**
 * The values a quantizer has to cover.
 *
 * @param lo the lower end
 * @param hi the upper end
 */
public record Range(float lo, float hi) {

    /** Turns -0 into 0, so that ranges of equal numbers are equal. */
    public Range {
        lo += 0f;
        hi += 0f;
    }

    /** Nothing but 0, where most range methods start. */
    public static final Range ZERO = new Range(0, 0);

    /** From the smallest to the largest element of {@code x}. */
    public static Range of(Tensor x) {
        try (Scope _ = Scope.open()) {
            Tensor flat = x.reshape(-1);
            int[] axis = {0};
            return new Range(flat.min(axis).item(), flat.max(axis).item());
        }
    }

    /** The smallest range that holds this one and {@code other}. */
    public Range union(Range other) {
        return new Range(Math.min(lo, other.lo), Math.max(hi, other.hi));
    }

    /** Whether both ends are the same: such a range says nothing about a scale. */
    public boolean isPoint() {
        return lo == hi;
    }

    /** Returns this range if it is two finite numbers in order, and otherwise blames {@code field}. */
    Range checked(String field) {
        if (!(Float.isFinite(lo) && Float.isFinite(hi) && lo <= hi)) {
            throw new EngineException(Kind.CORRUPT_FILE, field, this, "two finite numbers, the lower first");
        }
        return this;
    }

    @Override
    public String toString() {
        return "[" + lo + ", " + hi + "]";
    }
}
