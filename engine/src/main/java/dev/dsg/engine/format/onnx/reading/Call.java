package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Assembly.Parameter;
import dev.dsg.engine.format.onnx.reading.Constant.Floats;
import dev.dsg.engine.format.onnx.reading.Constant.Ints;
import dev.dsg.engine.format.onnx.reading.NodeProto.Attribute;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * One operation of the file with what it reads: what operators see while they are imported. Every question that the file
 * answers wrongly ends in an {@link EngineException} that names the node and the operator.
 *
 * @param node the operation
 * @param opset version of the operators
 * @param inputs one for each of the node's, null where one is left out
 * @param assembly where to add nodes
 */
record Call(NodeProto node, long opset, List<Value> inputs, Assembly assembly) {

    /** No length in an image network comes near; keeps arithmetic on them from running over. */
    private static final int LONGEST = 1 << 24;

    // ---- inputs

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    /** Whether everything the operation reads is known before the network runs. */
    boolean isConstant() {
        return inputs.stream().allMatch(value -> value == null || value instanceof Constant);
    }

    private Value input(int index) {
        if (!has(index)) {
            throw wrong(Kind.CORRUPT_FILE, "without input " + index, "the inputs of " + node.type());
        }
        return inputs.get(index);
    }

    /** An input that is computed when the network runs. */
    Edge edge(int index) {
        if (input(index) instanceof Edge edge) {
            return edge;
        }
        throw unsupported("a constant as input " + index, "a value that depends on the network's input");
    }

    /** An input that is known now. */
    Constant constant(int index) {
        return switch (input(index)) {
            case Constant constant -> constant;
            case Edge edge ->
                throw wrong(
                        Kind.UNRESOLVED_SHAPE,
                        "input " + index + " computed by node " + edge.node(),
                        "a constant; export with a fixed height and width, and weights as initializers");
        };
    }

    Floats floats(int index) {
        return switch (constant(index)) {
            case Floats floats -> floats;
            case Ints ints -> throw wrong(Kind.CORRUPT_FILE, "integers as input " + index, "floats");
        };
    }

    Ints ints(int index) {
        return switch (constant(index)) {
            case Ints ints -> ints;
            case Floats floats -> throw wrong(Kind.CORRUPT_FILE, "floats as input " + index, "integers");
        };
    }

    /** The one value of an input with one element. */
    double scalar(int index) {
        Constant constant = constant(index);
        if (constant.count() != 1) {
            throw unsupported(constant.count() + " values as input " + index, "a single value");
        }
        return switch (constant) {
            case Floats floats -> floats.values()[0];
            case Ints ints -> ints.values()[0];
        };
    }

    /** A parameter with the values of an input, named as that is in the file. */
    Parameter parameter(int index, long... shape) {
        Floats floats = floats(index);
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != floats.count()) {
            throw wrong(
                    Kind.INCOMPATIBLE_SHAPES,
                    floats.count() + " values as input " + index,
                    "as many as " + Arrays.toString(shape) + " holds");
        }
        return Parameter.of(node.inputs().get(index), floats.values(), shape);
    }

    // ---- attributes

    boolean hasAttribute(String name) {
        return node.attributes().containsKey(name);
    }

    double real(String name, double absent) {
        Attribute attribute = node.attributes().get(name);
        return attribute == null ? absent : attribute.real();
    }

    long integer(String name, long absent) {
        Attribute attribute = node.attributes().get(name);
        return attribute == null ? absent : attribute.integer();
    }

    String text(String name, String absent) {
        Attribute attribute = node.attributes().get(name);
        return attribute == null ? absent : attribute.text();
    }

    long[] integers(String name, long... absent) {
        Attribute attribute = node.attributes().get(name);
        return attribute == null ? absent : attribute.integers();
    }

    /** A list of integers that older files hold in an attribute and newer ones in an input; null if in neither. */
    long[] integers(String name, int index) {
        if (hasAttribute(name)) {
            return integers(name);
        }
        return has(index) ? ints(index).values() : null;
    }

    /** {@code value} if it is a length this side of madness. */
    int length(String what, long value, int least) {
        if (value < least || value > LONGEST) {
            throw wrong(Kind.CORRUPT_FILE, what + " " + value, least + ".." + LONGEST);
        }
        return (int) value;
    }

    /** An axis of a value with {@code rank} dimensions, counted from the front. */
    int axis(long axis, int rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted >= rank) {
            throw wrong(Kind.CORRUPT_FILE, "axis " + axis, -rank + ".." + (rank - 1));
        }
        return (int) counted;
    }

    /** As {@link #axis}, but not that of the batch. */
    int axisBehindBatch(long axis, int rank) {
        int counted = axis(axis, rank);
        if (counted == 0) {
            throw unsupported("axis 0, the batch", "work on each example alone");
        }
        return counted;
    }

    // ---- results

    /** Adds a node with the operation's name. */
    Edge add(Op op, List<Edge> inputs, Parameter... parameters) {
        return add("", op, inputs, parameters);
    }

    /** Adds a node that is part of the operation. */
    Edge add(String part, Op op, List<Edge> inputs, Parameter... parameters) {
        return assembly.add(part.isEmpty() ? node.label() : node.label() + "." + part, op, inputs, parameters);
    }

    /** {@code x} in the given shape, itself if it has that already. */
    Edge reshape(String part, Edge x, int... sizes) {
        if (sizes.length == 0) {
            throw unsupported("a single value for each example", "at least one dimension behind the batch");
        }
        Shape to = Shape.of(sizes);
        return x.shape().equals(to) ? x : add(part, new Op.Reshape(to), List.of(x));
    }

    // ---- refusals

    /** What the engine does not compute. */
    EngineException unsupported(Object value, String expected) {
        return wrong(Kind.UNSUPPORTED_OPERATOR, value, expected);
    }

    EngineException wrong(Kind kind, Object value, String expected) {
        return new EngineException(kind, "node " + node.label() + " (" + node.type() + ")", value, expected);
    }
}
