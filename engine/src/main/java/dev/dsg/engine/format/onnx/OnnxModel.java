package dev.dsg.engine.format.onnx;

import dev.dsg.engine.graph.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An ONNX model in the making: opset 21, the first with 4-bit integers, and IR version 10, which goes with it. Values are
 * known by their names; a name is taken once. The field numbers are those of the published {@code onnx.proto}.
 */
public final class OnnxModel {

    /** Element types, with their numbers in {@code TensorProto.DataType}. */
    public enum ElementType {
        FLOAT(1),
        UINT8(2),
        INT8(3),
        INT32(6),
        INT64(7),
        /** Two a byte, the first in the low half. */
        INT4(22);

        private final int number;

        ElementType(int number) {
            this.number = number;
        }

        /** The number by which attributes such as that of Cast refer to this type. */
        public int number() {
            return number;
        }
    }

    /** The version of the operators that models are written with. */
    public static final int OPSET = 21;

    private static final int IR_VERSION = 10;

    private final ProtoWriter nodes = new ProtoWriter();
    private final ProtoWriter initializers = new ProtoWriter();
    private final ProtoWriter inputs = new ProtoWriter();
    private final ProtoWriter outputs = new ProtoWriter();
    private final ProtoWriter metadata = new ProtoWriter();
    private final Set<String> names = new HashSet<>();

    OnnxModel() {}

    /** Adds an operation with one output and returns {@code output}. */
    public String node(String type, String output, List<String> reads, Attribute... attributes) {
        ProtoWriter node = new ProtoWriter();
        reads.forEach(name -> node.text(1, name));
        node.text(2, fresh(output)).text(3, output).text(4, type);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.toProto());
        }
        nodes.message(1, node);
        return output;
    }

    /** Adds the constant {@code name} of type FLOAT and returns its name. */
    public String floats(String name, long[] shape, float... values) {
        ByteBuffer raw = little(values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return initializer(name, ElementType.FLOAT, shape, raw.array());
    }

    /** Adds the constant {@code name} of type INT64, a vector, and returns its name. */
    public String int64s(String name, long... values) {
        ByteBuffer raw = little(values.length * Long.BYTES);
        raw.asLongBuffer().put(values);
        return initializer(name, ElementType.INT64, new long[] {values.length}, raw.array());
    }

    /** Adds the constant {@code name} of type INT32, a vector, and returns its name. */
    public String int32s(String name, int... values) {
        ByteBuffer raw = little(values.length * Integer.BYTES);
        raw.asIntBuffer().put(values);
        return initializer(name, ElementType.INT32, new long[] {values.length}, raw.array());
    }

    /** Adds the constant {@code name} of type INT8 and returns its name. */
    public String int8s(String name, long[] shape, byte... values) {
        return initializer(name, ElementType.INT8, shape, values);
    }

    /** Adds the scalar constant {@code name} of type UINT8 and returns its name. */
    public String uint8(String name, int value) {
        return initializer(name, ElementType.UINT8, new long[0], new byte[] {(byte) value});
    }

    /** Adds the constant {@code name} of type INT4, whose {@code values} are -8..7, and returns its name. */
    public String int4s(String name, long[] shape, byte... values) {
        byte[] packed = new byte[(values.length + 1) / 2];
        for (int i = 0; i < values.length; i++) {
            packed[i / 2] |= (byte) ((values[i] & 0xf) << (i % 2 * 4));
        }
        return initializer(name, ElementType.INT4, shape, packed);
    }

    /** Adds an entry to the model's own properties. */
    public void metadata(String key, Object value) {
        metadata.message(14, new ProtoWriter().text(1, key).text(2, value.toString()));
    }

    /** Declares {@code name} an input of type FLOAT: a batch, of any size, of examples of shape {@code example}. */
    void input(String name, Shape example) {
        ProtoWriter shape = new ProtoWriter().message(1, new ProtoWriter().text(2, "batch"));
        example.sizes().forEach(size -> shape.message(1, new ProtoWriter().integer(1, size)));
        inputs.message(11, value(fresh(name), new ProtoWriter().message(2, shape)));
    }

    /** Declares {@code name}, made by some operation, an output of type FLOAT, whose shape the reader infers. */
    void output(String name) {
        outputs.message(12, value(name, new ProtoWriter()));
    }

    byte[] toBytes(String producer) {
        ProtoWriter graph = new ProtoWriter();
        graph.raw(nodes).text(2, producer).raw(initializers).raw(inputs).raw(outputs);
        return new ProtoWriter()
                .integer(1, IR_VERSION)
                .text(2, producer)
                .message(7, graph)
                .message(8, new ProtoWriter().text(1, "").integer(2, OPSET))
                .raw(metadata)
                .toBytes();
    }

    private String initializer(String name, ElementType type, long[] shape, byte[] raw) {
        initializers.message(
                5,
                new ProtoWriter()
                        .integers(1, shape)
                        .integer(2, type.number())
                        .text(8, fresh(name))
                        .bytes(9, raw));
        return name;
    }

    private static ProtoWriter value(String name, ProtoWriter tensor) {
        ProtoWriter typed =
                new ProtoWriter().integer(1, ElementType.FLOAT.number()).raw(tensor);
        return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, typed));
    }

    private String fresh(String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("two values are named " + name);
        }
        return name;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
