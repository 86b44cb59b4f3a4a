package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Assembly.Parameter;
import dev.dsg.engine.format.onnx.reading.Constant.Floats;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Activation functions and arithmetic, value by value. */
final class ElementwiseOperators {

    static final Map<String, Operator> ALL = Map.ofEntries(
            unary("Relu", _ -> new Op.Relu()),
            unary("LeakyRelu", call -> new Op.LeakyRelu(call.real("alpha", 0.01))),
            unary("Sigmoid", _ -> new Op.Sigmoid()),
            unary("HardSigmoid", call -> new Op.HardSigmoid(call.real("alpha", 0.2), call.real("beta", 0.5))),
            unary("HardSwish", _ -> new Op.HardSwish()),
            unary("Tanh", _ -> new Op.Tanh()),
            unary("Clip", ElementwiseOperators::clip),
            unary("PRelu", call -> new Op.LeakyRelu(call.scalar(1))),
            Map.entry("Softmax", Operator.of(ElementwiseOperators::softmax)),
            Map.entry("Add", Operator.of(ElementwiseOperators::add)),
            Map.entry("Sum", Operator.of(ElementwiseOperators::sum)),
            Map.entry("Sub", Operator.of(ElementwiseOperators::sub)),
            Map.entry("Mul", Operator.of(ElementwiseOperators::mul)),
            Map.entry("Div", Operator.of(ElementwiseOperators::div)),
            Map.entry("Neg", Operator.of(call -> negated(call, "", call.edge(0)))),
            Map.entry("Min", Operator.of(call -> limit(call, false))),
            Map.entry("Max", Operator.of(call -> limit(call, true))));

    private ElementwiseOperators() {}

    private static Map.Entry<String, Operator> unary(String type, Function<Call, Op> op) {
        return Map.entry(type, Operator.of(call -> call.add(op.apply(call), List.of(call.edge(0)))));
    }

    private static Op clip(Call call) {
        double lo = call.has(1) ? call.scalar(1) : call.real("min", Double.NEGATIVE_INFINITY);
        double hi = call.has(2) ? call.scalar(2) : call.real("max", Double.POSITIVE_INFINITY);
        return clip(lo, hi);
    }

    /** A limit at 0 only is a ReLU, even where an exporter writes it with the largest float. */
    private static Op clip(double lo, double hi) {
        return lo == 0 && hi >= Float.MAX_VALUE ? new Op.Relu() : new Op.Clip(lo, hi);
    }

    private static Value limit(Call call, boolean below) {
        if (call.inputs().size() != 2) {
            throw call.unsupported(call.inputs().size() + " inputs", "a value and a constant");
        }
        int constant = call.inputs().get(0) instanceof Constant ? 0 : 1;
        double limit = call.scalar(constant);
        Op op = below ? clip(limit, Double.POSITIVE_INFINITY) : clip(Double.NEGATIVE_INFINITY, limit);
        return call.add(op, List.of(call.edge(1 - constant)));
    }

    /** Before opset 13 everything from the axis on was one dimension. */
    private static Value softmax(Call call) {
        Edge x = call.edge(0);
        int rank = x.shape().rank();
        int axis = call.axisBehindBatch(call.integer("axis", call.opset() < 13 ? 1 : -1), rank);
        if (call.opset() < 13) {
            int behind = 1;
            for (int i = axis + 1; i < rank; i++) {
                behind *= x.shape().size(i);
            }
            if (behind > 1) {
                throw call.unsupported("axis " + axis + " of " + x.shape(), "the last axis before opset 13");
            }
        }
        return call.add(new Op.Softmax(axis), List.of(x));
    }

    private static Value add(Call call) {
        int constant = constantInput(call);
        return constant < 0
                ? binary(call, new Op.Add())
                : withConstant(call, new Op.AddConstant(), call.edge(1 - constant), constant, v -> v);
    }

    private static Value sum(Call call) {
        Edge sum = call.edge(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            sum = call.add(new Op.Add(), List.of(sum, call.edge(i)));
        }
        return sum;
    }

    private static Value sub(Call call) {
        return switch (constantInput(call)) {
            case 0 -> withConstant(call, new Op.AddConstant(), negated(call, "negated", call.edge(1)), 0, v -> v);
            case 1 -> withConstant(call, new Op.AddConstant(), call.edge(0), 1, v -> -v);
            default -> call.add(new Op.Add(), List.of(call.edge(0), negated(call, "negated", call.edge(1))));
        };
    }

    private static Value mul(Call call) {
        int constant = constantInput(call);
        return constant < 0
                ? binary(call, new Op.Mul())
                : withConstant(call, new Op.MulConstant(), call.edge(1 - constant), constant, v -> v);
    }

    private static Value div(Call call) {
        if (constantInput(call) != 1) {
            throw call.unsupported("division by a computed value", "division by a constant");
        }
        return withConstant(call, new Op.MulConstant(), call.edge(0), 1, v -> 1 / v);
    }

    private static Edge negated(Call call, String part, Edge x) {
        long[] ones = new long[x.shape().rank() - 1];
        Arrays.fill(ones, 1);
        Parameter minusOne = Parameter.of(call.node().label() + ".minus_one", new float[] {-1}, ones);
        return call.add(part, new Op.MulConstant(), List.of(x), minusOne);
    }

    private static int constantInput(Call call) {
        for (int i = 0; i < 2; i++) {
            if (call.has(i) && call.inputs().get(i) instanceof Constant) {
                return i;
            }
        }
        return -1;
    }

    private static Edge binary(Call call, Op op) {
        Edge a = call.edge(0);
        Edge b = call.edge(1);
        if (a.shape().rank() != b.shape().rank()) {
            throw call.unsupported(
                    a.shape() + " with " + b.shape(), "values of equal rank, so that batches stay side by side");
        }
        return call.add(op, List.of(a, b));
    }

    /** With the constant as a parameter of the example's rank: without the batch, filled up with dimensions of length 1. */
    private static Edge withConstant(Call call, Op op, Edge x, int index, Function<Float, Float> each) {
        Floats constant = call.floats(index);
        int rank = x.shape().rank();
        long[] given = constant.shape();
        if (given.length > rank || given.length == rank && given[0] != 1) {
            throw call.wrong(
                    Kind.UNSUPPORTED_OPERATOR,
                    "a constant " + Arrays.toString(given) + " for " + x.shape(),
                    "a constant that is the same for every example");
        }
        long[] shape = new long[rank - 1];
        for (int i = 0; i < shape.length; i++) {
            int from = given.length - shape.length + i;
            shape[i] = from < 0 ? 1 : given[from];
        }
        float[] values = new float[constant.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = each.apply(constant.values()[i]);
        }
        return call.add(op, List.of(x), Parameter.of(call.node().inputs().get(index), values, shape));
    }
}
