package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network with integer weights and frozen activation ranges. To run it, make an {@link Interpreter} of its
 * {@link #graph} and pass {@link #tap} to every run.
 *
 * @param graph the network; whatever its weights were, they become those that the integers stand for
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param rangeMethod how the activation ranges were found
 * @param weights the weight of every convolution and fully connected layer, by its name in the graph
 * @param ranges of what every activation function makes, by the node's name
 */
public record QuantizedNetwork(
        Graph graph,
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod rangeMethod,
        Map<String, QuantizedWeight> weights,
        Map<String, Range> ranges) {

    public QuantizedNetwork {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
        graph = dequantized(graph, weights);
    }

    /** {@code graph} with the values that the integers of {@code weights} stand for. */
    static Graph dequantized(Graph graph, Map<String, QuantizedWeight> weights) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        weights.forEach((name, weight) -> values.put(name, weight.dequantize()));
        return graph.with(values);
    }

    /** Quantizes every activation that has a range, by that range. May serve several runs at once. */
    public Tap tap() {
        Map<String, ActivationQuantizer> quantizers = new HashMap<>();
        ranges.forEach((node, range) -> quantizers.put(node, new ActivationQuantizer(activationBits, range)));
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                ActivationQuantizer quantizer = quantizers.get(node.name());
                return quantizer == null ? value : quantizer.applyInPlace(value);
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
