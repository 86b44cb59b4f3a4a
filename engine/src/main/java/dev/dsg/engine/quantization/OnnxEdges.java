package dev.dsg.engine.quantization;

import dev.dsg.engine.format.onnx.Attribute.Int;
import dev.dsg.engine.format.onnx.Edges;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.format.onnx.OnnxModel;
import dev.dsg.engine.format.onnx.OnnxModel.ElementType;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a {@link QuantizedNetwork} as an ONNX model. In ONNX a value is {@code (integer - zero point) * scale}, where
 * scale and zero point are the reciprocal and the negative of those of {@link AffineQuantizer}.
 *
 * <p>Activations are unsigned 8-bit integers whatever their width; below 8 bits the integers are clipped behind
 * QuantizeLinear. The alternative, 4-bit integers, would leave the runtime no integer kernel to choose. Weights of up to 4
 * bits are stored as 4-bit integers and widened by a Cast, which the runtime does once when it loads the model: so the
 * file is small and the layer still runs on 8-bit integers.
 *
 * <p>A quantizer whose zero point is no 8-bit integer, which only a range without 0 can have, or whose range was never
 * seen, is spelt out in float arithmetic.
 */
final class OnnxEdges extends Edges {

    private final Map<String, QuantizedWeight> weights;
    private final Map<String, QuantizedBias> biases;
    private final Map<String, ActivationQuantizer> activations;
    private final Set<String> written = new HashSet<>();

    private OnnxEdges(QuantizedNetwork network) {
        super(network.graph());
        weights = network.weights();
        biases = network.biases();
        activations = network.activations();
    }

    static byte[] write(QuantizedNetwork network, Shape input) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("target", network.target().text());
        metadata.put("weight_bits", network.weightBits().bits());
        metadata.put("activation_bits", network.activationBits().usual().bits());
        metadata.put("range_method", network.rangeMethod().text());
        return OnnxExport.write(network.graph(), input, metadata, new OnnxEdges(network));
    }

    @Override
    public String parameter(OnnxModel model, Node node, int index) {
        String name = node.parameters().get(index);
        QuantizedWeight weight = weights.get(name);
        if (weight != null) {
            return written.add(name) ? weight(model, name, weight) : name + ".value";
        }
        QuantizedBias bias = index == 1 ? biases.get(node.name()) : null;
        return bias == null ? super.parameter(model, node, index) : bias(model, node.name() + ".quantized_bias", bias);
    }

    private static String weight(OnnxModel model, String name, QuantizedWeight weight) {
        String integers = integers(model, name, weight);
        long[] channels = {weight.shape()[0]};
        float[] zeroPoint = weight.quantizer().zeroPoint().values();
        byte[] negated = new byte[zeroPoint.length];
        for (int c = 0; c < negated.length; c++) {
            negated[c] = (byte) -zeroPoint[c];
            if (negated[c] != -zeroPoint[c]) {
                return spelledOut(model, name, integers, weight);
            }
        }
        String scale =
                model.floats(name + ".scale", channels, weight.quantizer().steps());
        String zero = model.int8s(name + ".zero_point", channels, negated);
        return model.node("DequantizeLinear", name + ".value", List.of(integers, scale, zero), new Int("axis", 0));
    }

    private static String integers(OnnxModel model, String name, QuantizedWeight weight) {
        if (weight.quantizer().bits().bits() > 4) {
            return model.int8s(name, weight.shape(), weight.integers());
        }
        String packed = model.int4s(name, weight.shape(), weight.integers());
        return model.node("Cast", name + ".wide", List.of(packed), new Int("to", ElementType.INT8.number()));
    }

    private static String spelledOut(OnnxModel model, String name, String integers, QuantizedWeight weight) {
        long[] shape = new long[weight.shape().length];
        Arrays.fill(shape, 1);
        shape[0] = weight.shape()[0];
        AffineQuantizer quantizer = weight.quantizer();
        String floats =
                model.node("Cast", name + ".floats", List.of(integers), new Int("to", ElementType.FLOAT.number()));
        String zero =
                model.floats(name + ".zero_point", shape, quantizer.zeroPoint().values());
        String scale =
                model.floats(name + ".steps_per_unit", shape, quantizer.scale().values());
        String shifted = model.node("Add", name + ".shifted", List.of(floats, zero));
        return model.node("Div", name + ".value", List.of(shifted, scale));
    }

    private static String bias(OnnxModel model, String name, QuantizedBias bias) {
        String integers = model.int32s(name, bias.integers());
        String scale = model.floats(name + ".scale", new long[] {bias.steps().length}, bias.steps());
        return model.node("DequantizeLinear", name + ".value", List.of(integers, scale), new Int("axis", 0));
    }

    /**
     * A clip to what the integers cover anyway: between a convolution and QuantizeLinear it would keep the runtime from
     * joining the two.
     */
    @Override
    public boolean implies(Node node) {
        ActivationQuantizer activation = activations.get(node.name());
        return node.op() instanceof Op.Clip(double lo, double hi)
                && activation != null
                && !activation.range().isPoint()
                && lo == 0
                && activation.range().lo() == 0
                && activation.range().hi() <= hi;
    }

    @Override
    public String value(OnnxModel model, Node node, String made) {
        ActivationQuantizer activation = activations.get(node.name());
        if (activation == null) {
            return made;
        }
        if (activation.range().isPoint()) {
            return dynamic(model, made, activation.bits());
        }
        AffineQuantizer quantizer = activation.affine();
        float zeroPoint = -quantizer.bits().lowest() - quantizer.zeroPoint().values()[0];
        return zeroPoint >= 0 && zeroPoint <= 255
                ? integers(model, node.name(), made, quantizer, (int) zeroPoint)
                : spelledOut(model, made, quantizer);
    }

    /** The integers are those of the quantizer, from 0 instead of from the lowest of the width. */
    private static String integers(
            OnnxModel model, String name, String made, AffineQuantizer quantizer, int zeroPoint) {
        String scale = model.floats(name + ".scale", new long[0], quantizer.steps());
        String zero = model.uint8(name + ".zero_point", zeroPoint);
        String integers = model.node("QuantizeLinear", name + ".integers", List.of(made, scale, zero));
        if (quantizer.bits().bits() < 8) {
            String highest = model.uint8(name + ".highest", quantizer.bits().steps());
            integers = model.node("Clip", name + ".clipped", List.of(integers, "", highest));
        }
        return model.node("DequantizeLinear", name + ".value", List.of(integers, scale, zero));
    }

    private static String spelledOut(OnnxModel model, String name, AffineQuantizer quantizer) {
        String scale = model.floats(
                name + ".steps_per_unit", new long[0], quantizer.scale().values());
        String zero = model.floats(
                name + ".zero_point", new long[0], quantizer.zeroPoint().values());
        return spelledOut(model, name, quantizer.bits(), scale, zero);
    }

    /** Scale and zero point from the extremes of what comes, as {@link AffineQuantizer} finds them. */
    private static String dynamic(OnnxModel model, String name, BitWidth bits) {
        String lo = model.node("ReduceMin", name + ".smallest", List.of(name), new Int("keepdims", 0));
        String hi = model.node("ReduceMax", name + ".largest", List.of(name), new Int("keepdims", 0));
        String extent = model.node("Sub", name + ".extent", List.of(hi, lo));
        String least = model.floats(name + ".least_extent", new long[0], AffineQuantizer.SMALLEST_EXTENT);
        String divisor = model.node("Max", name + ".divisor", List.of(extent, least));
        String steps = model.floats(name + ".steps", new long[0], bits.steps());
        String scale = model.node("Div", name + ".steps_per_unit", List.of(steps, divisor));
        String start = model.node("Mul", name + ".start", List.of(scale, lo));
        String rounded = model.node("Round", name + ".rounded_start", List.of(start));
        String offset = model.floats(name + ".offset", new long[0], bits.lowest());
        String zero = model.node("Sub", name + ".zero_point", List.of(rounded, offset));
        return spelledOut(model, name, bits, scale, zero);
    }

    private static String spelledOut(OnnxModel model, String name, BitWidth bits, String scale, String zero) {
        String scaled = model.node("Mul", name + ".scaled", List.of(name, scale));
        String shifted = model.node("Sub", name + ".shifted", List.of(scaled, zero));
        String rounded = model.node("Round", name + ".rounded", List.of(shifted));
        String lowest = model.floats(name + ".lowest", new long[0], bits.lowest());
        String highest = model.floats(name + ".highest", new long[0], bits.highest());
        String integers = model.node("Clip", name + ".integers", List.of(rounded, lowest, highest));
        String back = model.node("Add", name + ".unshifted", List.of(integers, zero));
        return model.node("Div", name + ".value", List.of(back, scale));
    }
}
