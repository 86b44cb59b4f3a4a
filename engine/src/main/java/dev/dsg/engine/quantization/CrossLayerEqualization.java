package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the channels between two layers alike (Nagel et al., Data-Free Quantization, ICCV 2019, section 4.1): what a
 * layer makes in channel {@code c} is divided by
 *
 * <pre>s = sqrt(r1 / r2)</pre>
 *
 * and what the next layer multiplies it by is multiplied by {@code s}, where {@code r1} and {@code r2} are the largest
 * sizes of the weights that make and read the channel. Both are {@code sqrt(r1 r2)} afterwards, and the network computes
 * the same up to rounding. Pairs that share a layer are revisited until nothing changes any more.
 *
 * <p>A pair is two layers of which the second alone reads the first, with nothing between them but BatchNorm right behind
 * the first, and operations that commute with a positive factor per channel: ReLU, leaky ReLU, pools, padding with
 * zeros. ReLU6 and other clips do not, since they limit all channels to one value, so pairs with one between them stay as
 * they are. Depthwise layers take part on both sides.
 *
 * <p>Where BatchNorm is part of the network, {@code r1} is that of the weights with it folded in, and its scale and shift
 * are divided.
 */
final class CrossLayerEqualization {

    private static final int SWEEPS = 20;
    private static final double SETTLED = 1e-3;

    /** @param norm the BatchNorm of the first layer, or null */
    private record Pair(Node first, Node norm, Node second) {}

    private final Graph graph;
    private final Map<String, List<Node>> readers = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, float[]> changed = new HashMap<>();

    private CrossLayerEqualization(Graph graph) {
        this.graph = graph;
        for (Node node : graph.nodes()) {
            node.inputs().forEach(input -> readers.computeIfAbsent(input, _ -> new ArrayList<>())
                    .add(node));
            node.parameters().forEach(name -> uses.merge(name, 1, Integer::sum));
        }
    }

    /** The same network with its layers equalised. */
    static Graph equalize(Graph graph) {
        return new CrossLayerEqualization(graph).equalized();
    }

    private Graph equalized() {
        List<Pair> pairs =
                graph.weighted().stream().flatMap(layer -> pair(layer).stream()).toList();
        double largest = Double.POSITIVE_INFINITY;
        for (int sweep = 0; sweep < SWEEPS && largest > SETTLED; sweep++) {
            largest = 0;
            for (Pair pair : pairs) {
                largest = Math.max(largest, equalize(pair));
            }
        }
        Map<String, HostTensor> replacements = new HashMap<>();
        changed.forEach((name, values) -> replacements.put(
                name, new HostTensor(graph.initializers().get(name).shape(), values)));
        return graph.with(replacements);
    }

    private Optional<Pair> pair(Node layer) {
        Node norm = null;
        Optional<Node> next = reader(layer);
        if (next.isPresent() && next.get().op() instanceof Op.BatchNorm) {
            norm = next.get();
            next = reader(norm);
        }
        boolean pooled = false;
        while (next.isPresent() && commutes(next.get().op(), pooled)) {
            pooled |= next.get().op() instanceof Op.GlobalAveragePool;
            next = reader(next.get());
        }
        Node first = norm;
        return next.filter(node -> node.op() instanceof Op.Conv || node.op() instanceof Op.Gemm)
                .map(second -> new Pair(layer, first, second))
                .filter(this::ownsItsParameters);
    }

    /** Parameters that several nodes share cannot follow one pair. */
    private boolean ownsItsParameters(Pair pair) {
        return Stream.of(pair.first(), pair.norm(), pair.second())
                .filter(Objects::nonNull)
                .flatMap(node -> node.parameters().stream())
                .allMatch(name -> uses.get(name) == 1);
    }

    private Optional<Node> reader(Node node) {
        List<Node> all = readers.getOrDefault(node.name(), List.of());
        return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    /** @param pooled whether each channel is a single value, so that flattening leaves channels what they are */
    private static boolean commutes(Op op, boolean pooled) {
        return switch (op) {
            case Op.Relu _, Op.LeakyRelu _ -> true;
            case Op.MaxPool _, Op.AveragePool _, Op.GlobalAveragePool _, Op.Subsample _ -> true;
            case Op.Pad(Padding _, double value) -> value == 0;
            case Op.Flatten _ -> pooled;
            case Op.Input _, Op.Conv _, Op.Gemm _, Op.BatchNorm _, Op.Add _, Op.Mul _ -> false;
            case Op.AddConstant _, Op.MulConstant _, Op.Clip _, Op.HardSwish _ -> false;
            case Op.Sigmoid _, Op.HardSigmoid _, Op.Tanh _, Op.Softmax _, Op.Elu _, Op.Softplus _, Op.Erf _ -> false;
            case Op.Concat _, Op.Slice _, Op.ChannelShuffle _, Op.PadChannels _, Op.DepthToSpace _ -> false;
            case Op.Transpose _, Op.Reshape _, Op.Resize _ -> false;
        };
    }

    /** Equalises one pair; the largest {@code |ln s|}. */
    private double equalize(Pair pair) {
        float[] made = madeBy(pair);
        float[] read = readBy(pair.second(), made.length);
        float[] divisors = new float[made.length];
        double largest = 0;
        for (int c = 0; c < made.length; c++) {
            boolean silent = !(made[c] > 0 && read[c] > 0);
            divisors[c] = silent ? 1 : (float) Math.sqrt((double) made[c] / read[c]);
            largest = Math.max(largest, Math.abs(Math.log(divisors[c])));
        }
        divide(pair, divisors);
        multiply(pair.second(), divisors);
        return largest;
    }

    private float[] madeBy(Pair pair) {
        float[] weight = values(pair.first(), 0);
        int channels = graph.parameter(pair.first(), 0).size(0);
        float[] largest = new float[channels];
        for (int i = 0; i < weight.length; i++) {
            int c = i / (weight.length / channels);
            largest[c] = Math.max(largest[c], Math.abs(weight[i]));
        }
        if (pair.norm() != null) {
            float[] scale = values(pair.norm(), 0);
            float[] variance = values(pair.norm(), 3);
            double epsilon = ((Op.BatchNorm) pair.norm().op()).epsilon();
            for (int c = 0; c < channels; c++) {
                largest[c] *= (float) (Math.abs(scale[c]) / Math.sqrt(variance[c] + epsilon));
            }
        }
        return largest;
    }

    private float[] readBy(Node layer, int channels) {
        float[] weight = values(layer, 0);
        float[] largest = new float[channels];
        for (int i = 0; i < weight.length; i++) {
            int c = inputOf(layer, i, channels);
            largest[c] = Math.max(largest[c], Math.abs(weight[i]));
        }
        return largest;
    }

    /** The input channel that element {@code i} of the layer's weight {@code [out, in / groups, ...]} is multiplied with. */
    private int inputOf(Node layer, int i, int channels) {
        HostTensor weight = graph.parameter(layer, 0);
        int perOutput = weight.values().length / weight.size(0);
        int perGroup = weight.size(1);
        int groups = channels / perGroup;
        int group = i / perOutput / (weight.size(0) / groups);
        return group * perGroup + i % perOutput / (perOutput / perGroup);
    }

    private void divide(Pair pair, float[] divisors) {
        List<float[]> makers = new ArrayList<>();
        if (pair.norm() != null) {
            makers.add(changeable(pair.norm(), 0));
            makers.add(changeable(pair.norm(), 1));
        } else {
            makers.add(changeable(pair.first(), 0));
            if (pair.first().parameters().size() > 1) {
                makers.add(changeable(pair.first(), 1));
            }
        }
        for (float[] values : makers) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= divisors[i / (values.length / divisors.length)];
            }
        }
    }

    private void multiply(Node layer, float[] factors) {
        float[] weight = changeable(layer, 0);
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= factors[inputOf(layer, i, factors.length)];
        }
    }

    private float[] values(Node node, int index) {
        float[] own = changed.get(node.parameters().get(index));
        return own == null ? graph.parameter(node, index).values() : own;
    }

    private float[] changeable(Node node, int index) {
        return changed.computeIfAbsent(
                node.parameters().get(index),
                name -> graph.initializers().get(name).values().clone());
    }
}
