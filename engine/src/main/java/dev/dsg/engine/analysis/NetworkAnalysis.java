package dev.dsg.engine.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What quantization did to a network, and what the images are like by which it was calibrated. SQNR stands for
 * signal-to-quantization-noise ratio, in decibels: 10 more are a tenth of the noise, 200 is none at all.
 *
 * @param images how many of the calibration images were looked at
 * @param sqnr of the network's output
 * @param layers convolutions and fully connected layers, in the network's order
 * @param activations the values that are quantized between them, in the network's order
 * @param statistics how far the images are from what each BatchNorm remembers, in the network's order
 * @param pixels how different the images are
 * @param features how different the network finds them: what its last layer reads
 */
public record NetworkAnalysis(
        int images,
        double sqnr,
        List<Layer> layers,
        List<Activation> activations,
        List<Statistics> statistics,
        Diversity pixels,
        Diversity features) {

    /**
     * A convolution or fully connected layer.
     *
     * @param name of its node
     * @param bits width of its weights
     * @param weights how many it has
     * @param weightSqnr of its weights
     * @param sqnr of what it makes in the quantized network, the noise of earlier layers included
     * @param aloneSqnr of the network's output if only this layer's weights and what it reads are quantized: the lower,
     *     the more the layer hurts
     */
    public record Layer(String name, int bits, int weights, double weightSqnr, double sqnr, double aloneSqnr) {}

    /**
     * A value between layers.
     *
     * @param name of the node that makes it
     * @param bits its width
     * @param lo lower end of the range
     * @param hi upper end of the range
     * @param clipped the share of exact values outside the range, 0..1
     * @param quantizerSqnr of what the quantizer makes of exact values
     * @param sqnr of what there is in the quantized network, the noise of earlier layers included
     */
    public record Activation(
            String name, int bits, float lo, float hi, double clipped, double quantizerSqnr, double sqnr) {}

    /**
     * The images at one BatchNorm layer, whose running mean and deviation are mu and sigma.
     *
     * @param name of its node
     * @param mean {@code |m - mu| / sigma}, the mean over channels, m being the mean of all images' values
     * @param deviation {@code |s - sigma| / sigma} likewise, s being their standard deviation
     */
    public record Statistics(String name, double mean, double deviation) {}

    /**
     * How different images are.
     *
     * @param meanCosine the mean cosine between two of them, -1..1; 0 for a single one
     * @param vendi how many different ones they amount to, 1..images
     */
    public record Diversity(double meanCosine, double vendi) {}

    public NetworkAnalysis {
        layers = List.copyOf(layers);
        activations = List.copyOf(activations);
        statistics = List.copyOf(statistics);
    }

    /** The layers, the one that hurts most first. */
    public Stream<Layer> worstFirst() {
        return layers.stream().sorted(Comparator.comparingDouble(Layer::aloneSqnr));
    }
}
