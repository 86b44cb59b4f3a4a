package dev.dsg.engine.graph;

import java.util.Arrays;

/**
 * Float32 values on the host, row-major.
 *
 * @param shape one entry a dimension
 * @param values as many as the shape says
 */
public record HostTensor(long[] shape, float[] values) {

    public HostTensor {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " does not hold " + values.length + " values");
        }
    }

    /** The length of dimension {@code axis}. */
    public int size(int axis) {
        return Math.toIntExact(shape[axis]);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof HostTensor t && Arrays.equals(shape, t.shape) && Arrays.equals(values, t.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "HostTensor" + Arrays.toString(shape);
    }
}
