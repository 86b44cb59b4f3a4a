package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;

/**
 * What the network remembers of its training data, channel by channel, and how to read it off the folded network.
 *
 * <p>With BatchNorm folded into the convolution, what can be seen is {@code z = k (x - mu) + shift} instead of the
 * BatchNorm's input {@code x}: hence {@code mean(x) - mu = (mean(z) - shift) / k} and {@code var(x) = var(z) / k^2}. For a
 * layer that was not folded, {@code k} is 1 and {@code shift} is {@code mu}.
 */
final class StatisticsTargets {

    /** Under every square root, as in the published code. */
    static final double EPSILON = 1e-6;

    private static final double LEAST_GAIN = 1e-3;

    /**
     * One BatchNorm layer.
     *
     * @param node the name of the node to watch
     * @param folded whether to watch what that node makes (a folded convolution) or what it reads (a BatchNorm)
     * @param gain {@code k}, {@code [channels]}
     * @param shift {@code [channels]}
     * @param sigma {@code sqrt(running variance + 1e-6)}, {@code [channels]}
     */
    record Layer(String node, boolean folded, float[] gain, float[] shift, float[] sigma) {
        int channels() {
            return sigma.length;
        }
    }

    private final Graph folded;
    private final List<Layer> layers = new ArrayList<>();

    StatisticsTargets(Graph graph) {
        List<Node> norms = graph.nodes(Op.BatchNorm.class);
        if (norms.isEmpty()) {
            throw new EngineException(
                    Kind.NO_BATCH_NORM,
                    "network",
                    "without BatchNorm",
                    "BatchNorm layers with running statistics; export the network before they are folded away");
        }
        folded = new BatchNormFolding(LEAST_GAIN).fold(graph).logits();
        Map<String, Node> left = folded.nodes().stream().collect(Collectors.toMap(Node::name, Function.identity()));
        for (Node norm : norms) {
            boolean isFolded = !(left.get(norm.name()).op() instanceof Op.BatchNorm);
            layers.add(layer(graph, norm, isFolded));
        }
    }

    private static Layer layer(Graph graph, Node norm, boolean folded) {
        float[] mu = graph.parameter(norm, 2).values();
        float[] variance = graph.parameter(norm, 3).values();
        float[] sigma = new float[mu.length];
        for (int c = 0; c < sigma.length; c++) {
            sigma[c] = (float) Math.sqrt(variance[c] + EPSILON);
        }
        float[] ones = new float[mu.length];
        Arrays.fill(ones, 1);
        return folded
                ? new Layer(
                        norm.name(),
                        true,
                        BatchNormFolding.gain(graph, norm),
                        graph.parameter(norm, 1).values(),
                        sigma)
                : new Layer(norm.name(), false, ones, mu, sigma);
    }

    /** The network to run; it ends with the logits. */
    Graph graph() {
        return folded;
    }

    List<Layer> layers() {
        return layers;
    }

    /** The value of one entry of a matrix over all channels of all layers. */
    interface Entry {
        double at(int row, int layer, int channel);
    }

    /** {@code [rows, channels of all layers]}, the layers' channels end to end. */
    HostTensor matrix(int rows, Entry entry) {
        int channels = layers.stream().mapToInt(Layer::channels).sum();
        float[] values = new float[rows * channels];
        int at = 0;
        for (int row = 0; row < rows; row++) {
            for (int layer = 0; layer < layers.size(); layer++) {
                for (int channel = 0; channel < layers.get(layer).channels(); channel++) {
                    values[at++] = (float) entry.at(row, layer, channel);
                }
            }
        }
        return new HostTensor(new long[] {rows, channels}, values);
    }

    /** {@code [1, channels of all layers]}. */
    HostTensor row(ToDoubleBiFunction<Layer, Integer> entry) {
        return matrix(1, (_, layer, channel) -> entry.applyAsDouble(layers.get(layer), channel));
    }
}
