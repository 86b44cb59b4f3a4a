package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Assembly.Parameter;
import dev.dsg.engine.format.onnx.reading.Constant.Floats;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Layers with weights. */
final class LayerOperators {

    static final Map<String, Operator> ALL = Map.of(
            "Conv", Operator.of(LayerOperators::conv),
            "BatchNormalization", LayerOperators::batchNorm,
            "Gemm", Operator.of(LayerOperators::gemm),
            "MatMul", Operator.of(LayerOperators::matMul));

    private LayerOperators() {}

    private static Value conv(Call call) {
        Edge x = image(call);
        long[] shape = call.floats(1).shape();
        if (shape.length != 4) {
            throw call.unsupported("a weight of " + shape.length + " dimensions", "2-d convolution, [out, in, h, w]");
        }
        Size kernel = new Size(call.length("kernel", shape[2], 1), call.length("kernel", shape[3], 1));
        WindowAttributes window = new WindowAttributes(call);
        Size dilation = window.size("dilations");
        Size reach = new Size(
                Math.multiplyExact(kernel.height() - 1, dilation.height()) + 1,
                Math.multiplyExact(kernel.width() - 1, dilation.width()) + 1);
        Op.Conv conv = new Op.Conv(
                window.size("strides"),
                window.padding(x.shape(), reach),
                dilation,
                call.length("group", call.integer("group", 1), 1));
        List<Parameter> parameters = new ArrayList<>(List.of(call.parameter(1, shape)));
        if (call.has(2)) {
            parameters.add(call.parameter(2, shape[0]));
        }
        return call.add(conv, List.of(x), parameters.toArray(Parameter[]::new));
    }

    private static Edge image(Call call) {
        Edge x = call.edge(0);
        if (!x.shape().isImage()) {
            throw call.unsupported("an input of " + x.shape(), "images, [batch, channels, height, width]");
        }
        return x;
    }

    /** Behind a fully connected layer there is nothing to average over, so there it becomes a product and a sum. */
    private static List<Value> batchNorm(Call call) {
        Edge x = call.edge(0);
        if (call.integer("training_mode", 0) != 0) {
            throw call.unsupported("training_mode 1", "running statistics; export in evaluation mode");
        }
        double epsilon = call.real("epsilon", 1e-5);
        int channels = x.shape().size(1);
        for (float variance : call.floats(4).values()) {
            if (!(variance + epsilon > 0)) {
                throw call.wrong(Kind.CORRUPT_FILE, "variance " + variance, "at least 0");
            }
        }
        Parameter[] parameters = new Parameter[4];
        for (int i = 0; i < 4; i++) {
            if (call.floats(i + 1).count() != channels) {
                throw call.wrong(
                        Kind.INCOMPATIBLE_SHAPES, call.floats(i + 1).count() + " values", channels + ", one a channel");
            }
            parameters[i] = call.parameter(i + 1, channels);
        }
        if (x.shape().isImage()) {
            return List.of(call.add(new Op.BatchNorm(epsilon), List.of(x), parameters));
        }
        if (x.shape().rank() != 2) {
            throw call.unsupported("an input of " + x.shape(), "images or vectors");
        }
        float[] gain = parameters[0].values().values().clone();
        float[] shift = parameters[1].values().values().clone();
        for (int c = 0; c < channels; c++) {
            gain[c] /= (float) Math.sqrt(parameters[3].values().values()[c] + epsilon);
            shift[c] -= gain[c] * parameters[2].values().values()[c];
        }
        Edge scaled = call.add(
                "gain",
                new Op.MulConstant(),
                List.of(x),
                Parameter.of(call.node().label() + ".gain", gain, channels));
        return List.of(call.add(
                new Op.AddConstant(), List.of(scaled), Parameter.of(call.node().label() + ".shift", shift, channels)));
    }

    private static Value gemm(Call call) {
        if (call.integer("transA", 0) != 0) {
            throw call.unsupported("transA 1", "the batch as first dimension");
        }
        Floats weight = matrix(call, call.integer("transB", 0) != 0);
        float alpha = (float) call.real("alpha", 1);
        float[] values = weight.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= alpha;
        }
        float[] bias = bias(call, Math.toIntExact(weight.shape()[0]));
        return gemm(call, new Floats(weight.shape(), values), bias);
    }

    private static float[] bias(Call call, int out) {
        float[] bias = new float[out];
        if (!call.has(2)) {
            return bias;
        }
        float[] values = call.floats(2).values();
        if (values.length != out && values.length != 1) {
            throw call.unsupported("a bias of " + values.length + " values", out + ", one an output");
        }
        for (int i = 0; i < out; i++) {
            bias[i] = (float) call.real("beta", 1) * values[values.length == 1 ? 0 : i];
        }
        return bias;
    }

    private static Value matMul(Call call) {
        Floats weight = matrix(call, false);
        return gemm(call, weight, new float[Math.toIntExact(weight.shape()[0])]);
    }

    private static Edge gemm(Call call, Floats weight, float[] bias) {
        Edge x = call.edge(0);
        if (x.shape().rank() != 2) {
            throw call.unsupported("an input of " + x.shape(), "[batch, features]");
        }
        String name = call.node().inputs().get(1);
        String biasName =
                call.has(2) ? call.node().inputs().get(2) : call.node().label() + ".bias";
        return call.add(
                new Op.Gemm(),
                List.of(x),
                Parameter.of(name, weight.values(), weight.shape()),
                Parameter.of(biasName, bias, bias.length));
    }

    /** The weight as {@code [out, in]}. */
    private static Floats matrix(Call call, boolean transposed) {
        Floats weight = call.floats(1);
        if (weight.shape().length != 2) {
            throw call.unsupported("a weight " + Arrays.toString(weight.shape()), "two dimensions");
        }
        return transposed ? weight : (Floats) Folding.transpose(weight, 1, 0);
    }
}
