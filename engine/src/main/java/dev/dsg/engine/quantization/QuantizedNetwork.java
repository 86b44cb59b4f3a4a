package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import dev.dsg.engine.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network with integer weights and frozen activation ranges. To run it, make an {@link Interpreter} of its
 * {@link #graph} and pass {@link #tap} to every run.
 *
 * @param graph the network; whatever its weights and, if these are quantized, its biases were, they become those that the
 *     integers stand for
 * @param target what it is made for
 * @param weightBits usual width of the weights; that of each is said by its quantizer
 * @param activationBits widths of the activations, except where the target wants 8 bits
 * @param rangeMethod how the activation ranges were found
 * @param weights the weight of every convolution and fully connected layer, by its name in the graph
 * @param ranges of the values that the target wants quantized, by the node's name; one that has none stays a float
 */
public record QuantizedNetwork(
        Graph graph,
        Target target,
        BitWidth weightBits,
        ActivationBits activationBits,
        RangeMethod rangeMethod,
        Map<String, QuantizedWeight> weights,
        Map<String, Range> ranges) {

    public QuantizedNetwork {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
        graph = dequantized(graph, weights);
        if (target.policy().quantizesBiases()) {
            graph = rounded(graph, biases(graph, weights, activations(graph, target, activationBits, ranges)));
        }
    }

    /** The same with other values of parameters that are not quantized, or of biases. */
    QuantizedNetwork with(Map<String, HostTensor> parameters) {
        return new QuantizedNetwork(
                graph.with(parameters), target, weightBits, activationBits, rangeMethod, weights, ranges);
    }

    /** {@code graph} with the values that the integers of {@code weights} stand for. */
    static Graph dequantized(Graph graph, Map<String, QuantizedWeight> weights) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        weights.forEach((name, weight) -> values.put(name, weight.dequantize()));
        return graph.with(values);
    }

    private static Graph rounded(Graph graph, Map<String, QuantizedBias> biases) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        biases.forEach(
                (layer, bias) -> values.put(graph.node(layer).parameters().get(1), bias.dequantize()));
        return graph.with(values);
    }

    /** How values are quantized, by the node's name; one without a range stays a float. */
    public Map<String, Edge> edges() {
        return target.policy().edges(graph, activationBits);
    }

    /**
     * How values are quantized that do not lie on their grid already, by the node's name: those that were never seen to have
     * a range are left out, and those that a node merely moved, whose range is found before it.
     */
    public Map<String, Edge> roundedEdges() {
        List<String> order = graph.nodes().stream().map(Node::name).toList();
        Map<String, Edge> rounded = new LinkedHashMap<>(edges());
        rounded.entrySet().removeIf(entry -> {
            Range range = ranges.get(entry.getKey());
            return range == null
                    || range.isPoint()
                    || order.indexOf(entry.getValue().observed()) < order.indexOf(entry.getKey());
        });
        return rounded;
    }

    /** The quantizer of every value that is quantized, by the node's name. */
    Map<String, ActivationQuantizer> activations() {
        return activations(graph, target, activationBits, ranges);
    }

    private static Map<String, ActivationQuantizer> activations(
            Graph graph, Target target, ActivationBits activationBits, Map<String, Range> ranges) {
        Map<String, ActivationQuantizer> activations = new LinkedHashMap<>();
        target.policy().edges(graph, activationBits).forEach((node, edge) -> {
            Range range = ranges.get(node);
            if (range != null) {
                activations.put(node, new ActivationQuantizer(edge.bits(), range));
            }
        });
        return activations;
    }

    /** The mean over all quantized weights of their bits. */
    public double meanWeightBits() {
        long bits = 0;
        long count = 0;
        for (QuantizedWeight weight : weights.values()) {
            count += weight.integers().length;
            bits += (long) weight.integers().length * weight.quantizer().bits().bits();
        }
        return (double) bits / count;
    }

    /** The biases that are quantized, by the name of the layer. */
    Map<String, QuantizedBias> biases() {
        return target.policy().quantizesBiases() ? biases(graph, weights, activations()) : Map.of();
    }

    private static Map<String, QuantizedBias> biases(
            Graph graph, Map<String, QuantizedWeight> weights, Map<String, ActivationQuantizer> activations) {
        Map<String, QuantizedBias> biases = new LinkedHashMap<>();
        for (Node layer : graph.weighted()) {
            ActivationQuantizer input = activations.get(layer.input());
            if (layer.parameters().size() > 1 && input != null) {
                AffineQuantizer weight =
                        weights.get(layer.parameters().getFirst()).quantizer();
                QuantizedBias.of(graph.parameter(layer, 1), input, weight)
                        .ifPresent(bias -> biases.put(layer.name(), bias));
            }
        }
        return biases;
    }

    /** The width of every value that is quantized, by the node's name. */
    public Map<String, BitWidth> activationWidths() {
        Map<String, BitWidth> widths = new LinkedHashMap<>();
        activations().forEach((node, quantizer) -> widths.put(node, quantizer.bits()));
        return widths;
    }

    /** Quantizes every activation that has a range, by that range. May serve several runs at once. */
    public Tap tap() {
        Map<String, ActivationQuantizer> quantizers = activations();
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                ActivationQuantizer quantizer = quantizers.get(node.name());
                // What the network reads belongs to the caller.
                Tensor own = node.op() instanceof Op.Input && quantizer != null ? value.copy() : value;
                return quantizer == null ? value : quantizer.applyInPlace(own);
            }
        };
    }

    /**
     * This network as a safetensors file: {@code <weight>} (I8), {@code <weight>.scale} and {@code <weight>.zero_point}
     * for every quantized weight, {@code activation.<node>.range} (lower end, upper end) for every activation, all other
     * parameters in float32 under their names. The metadata say how to turn the integers into values. Equal networks
     * give equal bytes.
     */
    public byte[] toSafetensors() {
        return QuantizedFile.write(this);
    }

    /**
     * This network as an ONNX model in which integers stand between a QuantizeLinear and a DequantizeLinear. Equal
     * networks give equal bytes.
     *
     * @param input the shape of what the network reads; the batch may have any size
     */
    public byte[] toOnnx(Shape input) {
        return OnnxEdges.write(this, input);
    }

    /**
     * Reads what {@link #toSafetensors} wrote.
     *
     * @param network the network before quantization, or any other with the same nodes and shapes: all values come from
     *     the file
     * @throws EngineException of kind {@link EngineException.Kind#CORRUPT_FILE} if a tensor is missing, has another shape
     *     than in {@code network}, or holds what the metadata rule out, or if there are tensors that {@code network} has
     *     no use for
     */
    public static QuantizedNetwork fromSafetensors(Safetensors file, Graph network) {
        return new QuantizedFile(file).read(network);
    }
}
