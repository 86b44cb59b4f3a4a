package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.DataType;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;

/** The file format of {@link QuantizedNetwork}, described there. */
final class QuantizedFile {

    private static final String FORMAT = "dsg-quantized-network/1";
    private static final String FORMULA = "value = (integer + zero_point) / scale, per output channel";
    private static final String WEIGHT_BITS = "weight_bits";
    private static final String LAST_BITS = "last_activation_bits";
    private static final String SCALE = ".scale";
    private static final String ZERO_POINT = ".zero_point";

    private final Safetensors file;
    private final Set<String> unread;

    QuantizedFile(Safetensors file) {
        this.file = file;
        this.unread = new LinkedHashSet<>(file.names());
    }

    static String rangeName(String node) {
        return "activation." + node + ".range";
    }

    static byte[] write(QuantizedNetwork network) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("format", FORMAT)
                .metadata("formula", FORMULA)
                .metadata("target", network.target().text())
                .metadata(WEIGHT_BITS, network.weightBits().bits())
                .metadata("activation_bits", network.activationBits().usual().bits())
                .metadata("range_method", network.rangeMethod().text());
        if (!network.activationBits().last().equals(network.activationBits().usual())) {
            writer.metadata(LAST_BITS, network.activationBits().last().bits());
        }
        network.graph().initializers().forEach((name, value) -> {
            QuantizedWeight weight = network.weights().get(name);
            if (weight == null) {
                writer.floats(name, value);
            } else {
                writer.int8(name, weight.shape(), weight.integers());
                BitWidth bits = weight.quantizer().bits();
                if (!bits.equals(network.weightBits())) {
                    writer.metadata(WEIGHT_BITS + "." + name, bits.bits());
                }
                writer.floats(name + SCALE, weight.quantizer().scale());
                writer.floats(name + ZERO_POINT, weight.quantizer().zeroPoint());
            }
        });
        network.ranges()
                .forEach((node, range) -> writer.floats(
                        rangeName(node), new HostTensor(new long[] {2}, new float[] {range.lo(), range.hi()})));
        return writer.toBytes();
    }

    QuantizedNetwork read(Graph network) {
        if (!FORMAT.equals(metadata("format"))) {
            throw corrupt("metadata format", metadata("format"), FORMAT);
        }
        // Files from before there were targets name none.
        String named = file.metadata().getOrDefault("target", Target.REFERENCE.text());
        Target target = Target.parse("metadata target", named);
        Graph graph = target.policy().prepare(network);
        BitWidth weightBits = bits(WEIGHT_BITS);
        BitWidth usual = bits("activation_bits");
        ActivationBits activationBits = new ActivationBits(usual, bits(LAST_BITS, usual));
        Map<String, HostTensor> floats = new LinkedHashMap<>(graph.initializers());
        Map<String, QuantizedWeight> weights = new LinkedHashMap<>();
        for (Node node : graph.weighted()) {
            String name = node.parameters().getFirst();
            if (floats.remove(name) != null) {
                BitWidth bits = bits(WEIGHT_BITS + "." + name, weightBits);
                weights.put(name, weight(name, bits, graph.parameter(node, 0).shape()));
            }
        }
        floats.replaceAll((name, expected) -> floats(name, expected.shape()));
        Map<String, Range> ranges = new LinkedHashMap<>();
        target.policy().edges(graph, activationBits).keySet().forEach(node -> ranges.put(node, range(node)));
        if (!unread.isEmpty()) {
            throw corrupt("tensor " + unread.iterator().next(), "present", "only tensors of the network");
        }
        RangeMethod rangeMethod = RangeMethod.parse("metadata range_method", metadata("range_method"));
        return new QuantizedNetwork(
                graph.with(floats), target, weightBits, activationBits, rangeMethod, weights, ranges);
    }

    private QuantizedWeight weight(String name, BitWidth bits, long[] shape) {
        checkShape(name, shape);
        if (file.type(name) != DataType.I8) {
            throw corrupt("tensor " + name + " type", file.type(name), "I8");
        }
        byte[] integers = file.bytes(name);
        for (byte q : integers) {
            if (q < bits.lowest() || q > bits.highest()) {
                throw corrupt("tensor " + name, q, bits.lowest() + ".." + bits.highest());
            }
        }
        long[] channels = {shape[0]};
        HostTensor scale = floats(name + SCALE, channels, s -> s > 0, "above 0");
        HostTensor zeroPoint = floats(name + ZERO_POINT, channels, z -> z == Math.rint(z), "a whole number");
        return new QuantizedWeight(new AffineQuantizer(bits, scale, zeroPoint), shape, integers);
    }

    private Range range(String node) {
        String name = rangeName(node);
        float[] ends = floats(name, new long[] {2}).values();
        return new Range(ends[0], ends[1]).checked(name);
    }

    private HostTensor floats(String name, long[] shape) {
        return floats(name, shape, _ -> true, "finite");
    }

    private HostTensor floats(String name, long[] shape, DoublePredicate valid, String expected) {
        checkShape(name, shape);
        HostTensor tensor = file.floats(name);
        for (float value : tensor.values()) {
            if (!Float.isFinite(value) || !valid.test(value)) {
                throw corrupt("tensor " + name, value, expected);
            }
        }
        return tensor;
    }

    private void checkShape(String name, long[] expected) {
        long[] shape = file.shape(name);
        if (!Arrays.equals(shape, expected)) {
            throw corrupt("tensor " + name + " shape", Arrays.toString(shape), Arrays.toString(expected));
        }
        unread.remove(name);
    }

    private BitWidth bits(String key, BitWidth unlessGiven) {
        return file.metadata().containsKey(key) ? bits(key) : unlessGiven;
    }

    private BitWidth bits(String key) {
        String text = metadata(key);
        if (!text.matches("[2-8]")) {
            throw corrupt("metadata " + key, text, "2..8");
        }
        return new BitWidth(Integer.parseInt(text));
    }

    private String metadata(String key) {
        return file.metadata().getOrDefault(key, "missing");
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
