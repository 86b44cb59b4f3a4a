package dev.dsg.engine.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Folds each BatchNorm into the convolution before it. With {@code k = scale / sqrt(variance + epsilon)} the convolution
 * gets the weights {@code k w} and the bias {@code shift - k mean} ({@code k b} added for its own bias), and takes the
 * BatchNorm's name, so readers need no change. A BatchNorm stays where its input has other readers or is no convolution,
 * or where one of its channels has {@code |k|} below the given least gain, because statistics could then not be
 * recovered from what comes out.
 */
public final class BatchNormFolding {

    private final double leastGain;

    /** @param leastGain the smallest {@code |k|} of a layer to fold; 0 folds all */
    public BatchNormFolding(double leastGain) {
        this.leastGain = leastGain;
    }

    /** The gain {@code k} of each channel of a BatchNorm. */
    public static float[] gain(Graph graph, Node batchNorm) {
        float[] scale = graph.parameter(batchNorm, 0).values();
        float[] variance = graph.parameter(batchNorm, 3).values();
        double epsilon = ((Op.BatchNorm) batchNorm.op()).epsilon();
        float[] gain = new float[scale.length];
        for (int c = 0; c < gain.length; c++) {
            gain[c] = (float) (scale[c] / Math.sqrt(variance[c] + epsilon));
        }
        return gain;
    }

    /** The same network with BatchNorms folded; it computes the same up to rounding. */
    public Graph fold(Graph graph) {
        Map<String, Long> readers = graph.nodes().stream()
                .flatMap(n -> n.inputs().stream())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        Map<String, Node> folded = new HashMap<>();
        for (Node norm : graph.nodes(Op.BatchNorm.class)) {
            Node conv = graph.node(norm.input());
            if (conv.op() instanceof Op.Conv && readers.get(conv.name()) == 1 && invertible(gain(graph, norm))) {
                folded.put(conv.name(), norm);
            }
        }
        return rewrite(graph, folded);
    }

    private boolean invertible(float[] gain) {
        for (float k : gain) {
            if (Math.abs(k) < leastGain) {
                return false;
            }
        }
        return true;
    }

    private static Graph rewrite(Graph graph, Map<String, Node> folded) {
        List<Node> nodes = new ArrayList<>();
        Map<String, HostTensor> initializers = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            Node norm = folded.get(node.name());
            if (norm != null) {
                nodes.add(merge(graph, node, norm, initializers));
            } else if (!(node.op() instanceof Op.BatchNorm && folded.containsKey(node.input()))) {
                nodes.add(node);
                node.parameters()
                        .forEach(p -> initializers.put(p, graph.initializers().get(p)));
            }
        }
        return new Graph(nodes, initializers);
    }

    private static Node merge(Graph graph, Node conv, Node norm, Map<String, HostTensor> initializers) {
        float[] gain = gain(graph, norm);
        HostTensor weight = graph.parameter(conv, 0);
        float[] own = conv.parameters().size() > 1 ? graph.parameter(conv, 1).values() : new float[gain.length];
        float[] shift = graph.parameter(norm, 1).values();
        float[] mean = graph.parameter(norm, 2).values();
        float[] values = weight.values().clone();
        float[] bias = new float[gain.length];
        int perChannel = values.length / gain.length;
        for (int i = 0; i < values.length; i++) {
            values[i] *= gain[i / perChannel];
        }
        for (int c = 0; c < bias.length; c++) {
            bias[c] = shift[c] + gain[c] * (own[c] - mean[c]);
        }
        String biasName = norm.name() + ".folded_bias";
        String weightName = conv.parameters().getFirst();
        initializers.put(weightName, new HostTensor(weight.shape(), values));
        initializers.put(biasName, new HostTensor(new long[] {bias.length}, bias));
        return new Node(norm.name(), conv.op(), conv.inputs(), List.of(weightName, biasName));
    }
}
