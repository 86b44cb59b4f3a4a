package dev.dsg.engine.synthesis;

import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.synthesis.StatisticsTargets.Layer;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.function.Predicate;

/**
 * Sees a batch run through the network and gives the mean and the variance of every channel at the watched layers. The
 * sum and the Euclidean norm of a channel are each one pass over memory, and the variance follows from them; autograd
 * through them costs one multiplication per element.
 */
final class Moments implements Tap {

    private final List<Layer> layers;
    private final Map<String, Layer> watched = new HashMap<>();
    private final Map<String, Tensor> sums = new HashMap<>();
    private final Map<String, Tensor> norms = new HashMap<>();
    private final Map<String, Long> pixels = new HashMap<>();

    Moments(List<Layer> layers) {
        this.layers = layers;
        layers.forEach(l -> watched.put(l.node(), l));
    }

    @Override
    public Tensor before(Node node, Tensor value) {
        return record(node, value, l -> !l.folded());
    }

    @Override
    public Tensor after(Node node, Tensor value) {
        return record(node, value, Layer::folded);
    }

    private Tensor record(Node node, Tensor value, Predicate<Layer> here) {
        Layer layer = watched.get(node.name());
        if (layer != null && here.test(layer)) {
            pixels.put(node.name(), value.size(2) * value.size(3));
            sums.put(node.name(), value.sum(new int[] {2, 3}, false));
            norms.put(node.name(), value.norm(2, 3));
        }
        return value;
    }

    /**
     * Mean and unbiased variance of every channel, or the biased one where a channel is a single pixel.
     *
     * @param mean {@code [rows, channels of all layers]}: a row for each image, or one for the batch
     * @param variance in the same shape
     */
    record Channels(Tensor mean, Tensor variance) {}

    Channels channels(Statistics statistics) {
        Tensor mean = sideBySide(sums).mul(row(n -> 1.0 / n));
        Tensor squares =
                sideBySide(norms).square().sub(mean.square().mul(row(n -> n))).relu();
        return switch (statistics) {
            case IMAGE -> new Channels(mean, squares.mul(row(n -> 1.0 / Math.max(n - 1, 1))));
            case BATCH -> pooled(mean, squares);
        };
    }

    /** The squares about the batch's mean are those about each image's and what lies between the images. */
    private Channels pooled(Tensor mean, Tensor squares) {
        long images = mean.size(0);
        Tensor all = mean.mean(new int[] {0}, true);
        Tensor between = mean.sub(all).square().sum(new int[] {0}, true).mul(row(n -> n));
        Tensor within = squares.sum(new int[] {0}, true);
        return new Channels(all, within.add(between).mul(row(n -> 1.0 / Math.max(images * n - 1, 1))));
    }

    private Tensor sideBySide(Map<String, Tensor> values) {
        return Tensor.concat(layers.stream().map(l -> values.get(l.node())).toList(), 1);
    }

    private Tensor row(LongToDoubleFunction ofPixels) {
        float[] row = new float[layers.stream().mapToInt(Layer::channels).sum()];
        int at = 0;
        for (Layer layer : layers) {
            int to = at + layer.channels();
            Arrays.fill(row, at, to, (float) ofPixels.applyAsDouble(pixels.get(layer.node())));
            at = to;
        }
        return Tensor.of(row, 1, row.length);
    }
}
