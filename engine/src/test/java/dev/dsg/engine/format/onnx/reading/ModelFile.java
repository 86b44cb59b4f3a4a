package dev.dsg.engine.format.onnx.reading;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes small ONNX files, also broken ones, with the field numbers of the published {@code onnx.proto}. */
final class ModelFile {

    /** A message in the making. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message integer(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.out.toByteArray());
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message real(int field, float value) {
            varint((long) field << 3 | 5);
            out.writeBytes(little(Float.BYTES).putFloat(value).array());
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }

    /** An attribute of a node. */
    record Attribute(Message message) {

        static Attribute integer(String name, long value) {
            return new Attribute(new Message().text(1, name).integer(3, value).integer(20, 2));
        }

        static Attribute real(String name, float value) {
            return new Attribute(new Message().text(1, name).real(2, value).integer(20, 1));
        }

        static Attribute text(String name, String value) {
            return new Attribute(new Message().text(1, name).text(4, value).integer(20, 3));
        }

        static Attribute integers(String name, long... values) {
            Message message = new Message().text(1, name);
            for (long value : values) {
                message.integer(8, value);
            }
            return new Attribute(message.integer(20, 7));
        }
    }

    private final long opset;
    private final Message graph = new Message();
    private final List<Message> domains = new ArrayList<>();

    ModelFile(long opset) {
        this.opset = opset;
    }

    /** Names another set of operators, which need not be used. */
    ModelFile domain(String name, long version) {
        domains.add(new Message().text(1, name).integer(2, version));
        return this;
    }

    /** Declares an input of floats; a negative length is one that the file leaves open. */
    ModelFile input(String name, long... shape) {
        Message dimensions = new Message();
        for (long size : shape) {
            dimensions.message(1, size < 0 ? new Message().text(2, "d") : new Message().integer(1, size));
        }
        Message tensor = new Message().integer(1, 1).message(2, dimensions);
        graph.message(11, new Message().text(1, name).message(2, new Message().message(1, tensor)));
        return this;
    }

    ModelFile output(String name) {
        Message type = new Message().message(1, new Message().integer(1, 1));
        graph.message(12, new Message().text(1, name).message(2, type));
        return this;
    }

    /** Adds a node called as its output. */
    ModelFile node(String type, String output, List<String> inputs, Attribute... attributes) {
        return node(type, "", List.of(output), inputs, attributes);
    }

    ModelFile node(String type, String domain, List<String> outputs, List<String> inputs, Attribute... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, outputs.getFirst()).text(4, type).text(7, domain);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        graph.message(1, node);
        return this;
    }

    ModelFile floats(String name, long[] shape, float... values) {
        ByteBuffer raw = little(values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return initializer(name, 1, shape, raw.array());
    }

    ModelFile integers(String name, long... values) {
        return integersOfShape(name, new long[] {values.length}, values);
    }

    ModelFile integersOfShape(String name, long[] shape, long... values) {
        ByteBuffer raw = little(values.length * Long.BYTES);
        raw.asLongBuffer().put(values);
        return initializer(name, 7, shape, raw.array());
    }

    private ModelFile initializer(String name, int type, long[] shape, byte[] raw) {
        graph.message(5, tensor(name, type, shape).bytes(9, raw));
        return this;
    }

    /** Floats in another file. */
    ModelFile external(String name, long[] shape, String location, long offset) {
        Message tensor = tensor(name, 1, shape).integer(14, 1);
        tensor.message(13, new Message().text(1, "location").text(2, location));
        tensor.message(13, new Message().text(1, "offset").text(2, String.valueOf(offset)));
        graph.message(5, tensor);
        return this;
    }

    private static Message tensor(String name, int type, long... shape) {
        Message tensor = new Message().text(8, name).integer(2, type);
        for (long size : shape) {
            tensor.integer(1, size);
        }
        return tensor;
    }

    byte[] toBytes() {
        graph.text(2, "test");
        Message model = new Message().integer(1, 7).message(7, graph);
        domains.forEach(domain -> model.message(8, domain));
        return model.message(8, new Message().text(1, "").integer(2, opset)).out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Inputs of a node. */
    static List<String> in(String... names) {
        return List.of(names);
    }

    static long[] shape(long... sizes) {
        return sizes;
    }

    /** Random values, the same for the same count. */
    static float[] gaussian(int count) {
        Random random = new Random(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
