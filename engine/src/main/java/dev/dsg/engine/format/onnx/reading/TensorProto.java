package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A tensor of a file: its values lie in one of the typed fields, in raw bytes, or in another file.
 *
 * @param name empty for the value of an attribute
 * @param shape one entry a dimension
 * @param type number of the element type
 * @param typed what the typed fields hold, empty if others are used
 * @param raw little-endian values, or null
 * @param external where the values lie in another file, or empty
 */
record TensorProto(String name, long[] shape, int type, Typed typed, ByteBuffer raw, Map<String, String> external) {

    private static final int EXTERNAL = 1;

    /** Values of the typed fields; integers of all widths share one. */
    record Typed(double[] reals, long[] integers) {}

    static TensorProto parse(ProtoReader in) {
        String name = "";
        LongStream.Builder dims = LongStream.builder();
        long type = 0;
        DoubleStream.Builder reals = DoubleStream.builder();
        LongStream.Builder integers = LongStream.builder();
        ByteBuffer raw = null;
        Map<String, String> external = new LinkedHashMap<>();
        long location = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> in.integers(dims);
                case 2 -> type = in.integer();
                case 4 -> in.reals(reals);
                case 5, 7, 11 -> in.integers(integers);
                case 8 -> name = in.text();
                case 9 -> raw = in.bytes();
                case 10 -> in.doubles(reals);
                case 13 -> entry(in.message("StringStringEntryProto"), external);
                case 14 -> location = in.integer();
                default -> in.skip();
            }
        }
        if (location != EXTERNAL) {
            external = Map.of();
        } else if (external.isEmpty()) {
            throw corrupt("tensor " + name + " external_data", "empty", "the location of its values");
        }
        Typed typed = new Typed(reals.build().toArray(), integers.build().toArray());
        return new TensorProto(name, dims.build().toArray(), (int) type, typed, raw, external);
    }

    private static void entry(ProtoReader in, Map<String, String> entries) {
        String key = "";
        String value = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text();
                case 2 -> value = in.text();
                default -> in.skip();
            }
        }
        entries.put(key, value);
    }

    /**
     * The values.
     *
     * @param folder where the model lies, for values in other files
     */
    Constant read(ExternalData folder) {
        int count = count();
        ElementType element = ElementType.of(type, field());
        if (!external.isEmpty()) {
            return fromRaw(element, folder.read(this, count, element), count);
        }
        return raw != null
                ? fromRaw(element, raw.duplicate().order(ByteOrder.LITTLE_ENDIAN), count)
                : fromTyped(element, count);
    }

    private int count() {
        try {
            long count = 1;
            for (long size : shape) {
                if (size < 0) {
                    throw corrupt(field() + " dims", size, "no negative length");
                }
                count = Math.multiplyExact(count, size);
            }
            return Math.toIntExact(count);
        } catch (ArithmeticException overflow) {
            throw corrupt(field() + " dims", Arrays.toString(shape), "fewer than 2^31 values");
        }
    }

    private Constant fromRaw(ElementType element, ByteBuffer data, int count) {
        long expected = (long) count * element.bytes();
        if (data.remaining() != expected) {
            throw corrupt(field() + " data", data.remaining() + " bytes", expected + " bytes by its dims");
        }
        if (element.isReal()) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = element.real(data);
            }
            return new Constant.Floats(shape, values);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = element.integer(data);
        }
        return new Constant.Ints(shape, values);
    }

    private Constant fromTyped(ElementType element, int count) {
        boolean wide = element.isReal() && !element.isHalf();
        int held = wide ? typed.reals().length : typed.integers().length;
        if (held != count) {
            throw corrupt(field() + " data", held + " values", count + " by its dims");
        }
        if (!element.isReal()) {
            return new Constant.Ints(shape, typed.integers());
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = wide ? (float) typed.reals()[i] : element.half((short) typed.integers()[i]);
        }
        return new Constant.Floats(shape, values);
    }

    String field() {
        return "tensor " + name;
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
