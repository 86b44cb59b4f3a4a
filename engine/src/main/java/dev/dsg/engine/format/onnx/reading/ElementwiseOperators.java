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
            unary("Elu", call -> new Op.Elu(call.real("alpha", 1))),
            unary("Softplus", _ -> new Op.Softplus()),
            unary("Erf", _ -> new Op.Erf()),
            Map.entry("Selu", Operator.of(ElementwiseOperators::selu)),
            Map.entry("Celu", Operator.of(ElementwiseOperators::celu)),
            Map.entry("Gelu", Operator.of(ElementwiseOperators::gelu)),
            unary("Tanh", _ -> new Op.Tanh()),
            unary("Clip", ElementwiseOperators::clip),
            Map.entry("PRelu", Operator.of(ElementwiseOperators::prelu)),
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

    /** A slope for each channel is spelled out: {@code max(x, 0) + slope min(x, 0)}. */
    private static Value prelu(Call call) {
        if (call.constant(1).count() == 1) {
            return call.add(new Op.LeakyRelu(call.scalar(1)), List.of(call.edge(0)));
        }
        Edge x = call.edge(0);
        Edge above = call.add("above", new Op.Relu(), List.of(x));
        Edge below = call.add("below", new Op.Clip(Double.NEGATIVE_INFINITY, 0), List.of(x));
        Edge sloped = withConstant(call, "sloped", new Op.MulConstant(), below, 1, v -> v);
        return call.add(new Op.Add(), List.of(above, sloped));
    }

    /** {@code gamma} times ELU. */
    private static Value selu(Call call) {
        Edge elu = call.add("elu", new Op.Elu(call.real("alpha", 1.6732632)), List.of(call.edge(0)));
        return scaled(call, "", elu, call.real("gamma", 1.050701));
    }

    /** {@code max(x, 0) + min(alpha (exp(x / alpha) - 1), 0)}. */
    private static Value celu(Call call) {
        double alpha = call.real("alpha", 1);
        Edge divided = scaled(call, "divided", call.edge(0), 1 / alpha);
        return scaled(call, "", call.add("elu", new Op.Elu(1), List.of(divided)), alpha);
    }

    /** {@code x / 2 (1 + erf(x / sqrt(2)))}, or with the tangent that comes close to it. */
    private static Value gelu(Call call) {
        Edge x = call.edge(0);
        if (!call.text("approximate", "none").equals("none")) {
            throw call.unsupported("approximate " + call.text("approximate", "none"), "none");
        }
        Edge erf = call.add("erf", new Op.Erf(), List.of(scaled(call, "divided", x, Math.sqrt(0.5))));
        Edge above = call.add("above", new Op.AddConstant(), List.of(erf), single(call, "one", erf, 1));
        Edge half = scaled(call, "half", x, 0.5);
        return call.add(new Op.Mul(), List.of(half, above));
    }

    private static Edge scaled(Call call, String part, Edge x, double factor) {
        return call.add(part, new Op.MulConstant(), List.of(x), single(call, part + ".factor", x, factor));
    }

    /** One number as a parameter for every value of {@code x}. */
    private static Parameter single(Call call, String part, Edge x, double value) {
        long[] ones = new long[x.shape().rank() - 1];
        Arrays.fill(ones, 1);
        return Parameter.of(call.node().label() + "." + part, new float[] {(float) value}, ones);
    }

    private static Op clip(Call call) {
        double lo = call.has(1) ? call.scalar(1) : call.real("min", Double.NEGATIVE_INFINITY);
        double hi = call.has(2) ? call.scalar(2) : call.real("max", Double.POSITIVE_INFINITY);
        return clip(lo, hi);
    }

    /** A limit at 0 only is a ReLU, even where an exporter writes it with the largest float. */
    static Op clip(double lo, double hi) {
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
        return scaled(call, part, x, -1);
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
        return withConstant(call, "", op, x, index, each);
    }

    private static Edge withConstant(Call call, String part, Op op, Edge x, int index, Function<Float, Float> each) {
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
        return call.add(part, op, List.of(x), Parameter.of(call.node().inputs().get(index), values, shape));
    }
}
