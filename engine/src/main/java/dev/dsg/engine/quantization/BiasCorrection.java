package dev.dsg.engine.quantization;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes from every output channel of every layer the error that quantized weights leave there on average (Nagel et al.,
 * Data-Free Quantization, ICCV 2019, section 4.2, with calibration images in place of BatchNorm's statistics). Layers are
 * corrected in the order of the network, so that each sees what the corrections before it left.
 *
 * <p>Activations are exact meanwhile. The error of weights hardly depends on the images, but that of clipped and rounded
 * activations does, and on synthetic images it is not what it is on others.
 *
 * <p>What is corrected is the bias: the layer's own, or the shift of the BatchNorm that alone reads it. A layer that has
 * neither stays as it is. For {@code n} layers the images run through the network about {@code n / 2} times.
 */
final class BiasCorrection {

    private final Graph exact;
    private final List<HostTensor> batches;

    /**
     * @param exact the network in float32
     * @param batches images, each {@code [batch, channels, height, width]}
     */
    BiasCorrection(Graph exact, List<HostTensor> batches) {
        this.exact = exact;
        this.batches = batches;
    }

    /** The same network with its biases corrected. */
    QuantizedNetwork correct(QuantizedNetwork network) {
        QuantizedNetwork corrected = network;
        for (Node layer : exact.weighted()) {
            Optional<Node> biased = biased(layer);
            if (biased.isPresent()) {
                corrected = corrected.with(shifted(biased.get(), corrected));
            }
        }
        return corrected;
    }

    /** The node whose second parameter is added to each channel of what {@code layer} makes. */
    private Optional<Node> biased(Node layer) {
        if (layer.parameters().size() > 1) {
            return Optional.of(layer);
        }
        List<Node> readers = exact.nodes().stream()
                .filter(node -> node.inputs().contains(layer.name()))
                .toList();
        return readers.size() == 1 && readers.getFirst().op() instanceof Op.BatchNorm
                ? Optional.of(readers.getFirst())
                : Optional.empty();
    }

    private Map<String, HostTensor> shifted(Node biased, QuantizedNetwork network) {
        double[] expected = means(exact, biased);
        double[] made = means(network.graph(), biased);
        HostTensor bias = network.graph().parameter(biased, 1);
        float[] values = bias.values().clone();
        for (int c = 0; c < values.length; c++) {
            values[c] += (float) (expected[c] - made[c]);
        }
        return Map.of(biased.parameters().get(1), new HostTensor(bias.shape(), values));
    }

    /** The mean of each channel of what {@code node} makes. */
    private double[] means(Graph graph, Node node) {
        Moments moments = new Moments(node);
        try (Interpreter interpreter = new Interpreter(graph.upTo(node.name()))) {
            for (HostTensor batch : batches) {
                try (Scope _ = Scope.open()) {
                    interpreter.run(Tensor.of(batch.values(), batch.shape()).channelsLast(), moments);
                }
            }
        }
        return moments.means();
    }

    /** Adds up, image by image in float64, so that the cut into batches does not matter. */
    private static final class Moments implements Tap {

        private final Node node;
        private double[] sums = {};
        private long count;

        Moments(Node node) {
            this.node = node;
        }

        @Override
        public Tensor after(Node made, Tensor value) {
            if (!made.name().equals(node.name())) {
                return value;
            }
            int channels = Math.toIntExact(value.size(1));
            try (Scope _ = Scope.open()) {
                float[] perImage = value.reshape(value.size(0), channels, -1)
                        .sum(new int[] {2}, false)
                        .toFloats();
                sums = Arrays.copyOf(sums, channels);
                for (int i = 0; i < perImage.length; i++) {
                    sums[i % channels] += perImage[i];
                }
            }
            count += value.count() / channels;
            return value;
        }

        double[] means() {
            return Arrays.stream(sums).map(sum -> sum / count).toArray();
        }
    }
}
