package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * An operation of a file.
 *
 * @param name may be empty, and need not be unique
 * @param type the operator
 * @param domain where the operator is defined; empty for ONNX itself
 * @param inputs names of values; an empty one stands for an input that is left out
 * @param outputs names of values, likewise
 * @param attributes by name
 */
record NodeProto(
        String name,
        String type,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes) {

    /** The value of an attribute; which of them counts is said by the operator. */
    record Attribute(float real, long integer, String text, TensorProto tensor, long[] integers, double[] reals) {}

    static NodeProto parse(ProtoReader in) {
        String name = "";
        String type = "";
        String domain = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> type = in.text();
                case 5 -> attribute(in.message("AttributeProto"), attributes);
                case 7 -> domain = in.text();
                default -> in.skip();
            }
        }
        if (outputs.isEmpty()) {
            throw new EngineException(Kind.CORRUPT_FILE, "node " + name, "without outputs", "at least one");
        }
        return new NodeProto(name, type, domain.equals("ai.onnx") ? "" : domain, inputs, outputs, attributes);
    }

    private static void attribute(ProtoReader in, Map<String, Attribute> attributes) {
        String name = "";
        float real = 0;
        long integer = 0;
        String text = "";
        TensorProto tensor = null;
        LongStream.Builder integers = LongStream.builder();
        DoubleStream.Builder reals = DoubleStream.builder();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> real = in.real();
                case 3 -> integer = in.integer();
                case 4 -> text = in.text();
                case 5 -> tensor = TensorProto.parse(in.message("TensorProto"));
                case 7 -> in.reals(reals);
                case 8 -> in.integers(integers);
                default -> in.skip();
            }
        }
        attributes.put(
                name,
                new Attribute(
                        real,
                        integer,
                        text,
                        tensor,
                        integers.build().toArray(),
                        reals.build().toArray()));
    }

    /** What the node is called in errors and in the graph: its name, or that of its first output. */
    String label() {
        return name.isEmpty() ? outputs.getFirst() : name;
    }
}
