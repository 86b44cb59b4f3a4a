package dev.dsg.engine.format.onnx.reading;

import java.util.Arrays;

/** A value that is known before the network runs. Shapes here are those of the file, with the batch where there is one. */
sealed interface Constant extends Value {

    /** The most values that computing with constants may make; weights come from the file and are larger. */
    int MOST_VALUES = 1 << 24;

    /** Stands for the size of the batch in shape arithmetic; no shape of a real tensor holds that number. */
    long BATCH = Long.MIN_VALUE + 7;

    /** The shape, one entry a dimension. */
    long[] shape();

    /** The same values in another shape. */
    Constant reshaped(long... shape);

    /** The values at {@code indices} of the row-major order, in the given shape. */
    Constant pick(long[] shape, int... indices);

    /** How many values there are. */
    int count();

    /** Values of a floating-point type. */
    record Floats(long[] shape, float... values) implements Constant {

        @Override
        public Floats reshaped(long... to) {
            return new Floats(to, values);
        }

        @Override
        public Floats pick(long[] to, int... indices) {
            float[] picked = new float[indices.length];
            for (int i = 0; i < picked.length; i++) {
                picked[i] = values[indices[i]];
            }
            return new Floats(to, picked);
        }

        @Override
        public int count() {
            return values.length;
        }
    }

    /** Values of an integer type, or truth values as 0 and 1. */
    record Ints(long[] shape, long... values) implements Constant {

        @Override
        public Ints reshaped(long... to) {
            return new Ints(to, values);
        }

        @Override
        public Ints pick(long[] to, int... indices) {
            return new Ints(to, Arrays.stream(indices).mapToLong(i -> values[i]).toArray());
        }

        @Override
        public int count() {
            return values.length;
        }
    }

    /** Dimensions for people. */
    static String text(long... dimensions) {
        return Arrays.toString(dimensions).replace(String.valueOf(BATCH), "batch");
    }

    /** A vector of integers. */
    static Ints vector(long... values) {
        return new Ints(new long[] {values.length}, values);
    }
}
