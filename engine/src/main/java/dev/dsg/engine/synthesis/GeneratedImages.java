package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Images that a generator network paints from one latent vector each (Genie: Jeon et al., CVPR 2023):
 *
 * <pre>
 * z [256]  linear  [128, h/4, w/4]  norm  enlarge 2  conv 3x3  [64, h/2, w/2]  norm  leaky relu 0.2
 *          enlarge 2  conv 3x3  [channels, h, w]  tanh  norm without scale and shift
 * </pre>
 *
 * <p>Sides that are no multiple of 4 are painted larger and cut. All norms take the statistics of the batch. The vectors
 * follow the learning rate of the settings and its plateaus, the network a rate of its own, which falls by a twentieth
 * every 100 iterations. Weights start uniformly within one over the root of the number of values each output reads.
 */
final class GeneratedImages implements TrainableImages {

    private static final int LATENT = 256;
    private static final int WIDE = 128;
    private static final int NARROW = 64;
    private static final double SLOPE = 0.2;
    private static final double EPSILON = 1e-5;
    private static final double DECAY = 0.95;
    private static final int DECAY_EVERY = 100;

    /** What a linear layer or a convolution learns. */
    private record Layer(AdamLeaf weight, AdamLeaf bias) {}

    /** What a norm learns. */
    private record Norm(AdamLeaf scale, AdamLeaf shift) {}

    private final Canvas canvas;
    private final int rows;
    private final int columns;
    private final List<AdamLeaf> network = new ArrayList<>();
    private final AdamLeaf latents;
    private final Layer spread;
    private final Norm spreadNorm;
    private final Layer narrow;
    private final Norm narrowNorm;
    private final Layer paint;

    GeneratedImages(Canvas canvas) {
        this.canvas = canvas;
        this.rows = Math.ceilDiv(canvas.height(), 4);
        this.columns = Math.ceilDiv(canvas.width(), 4);
        Random random = canvas.random();
        this.latents =
                new AdamLeaf(Initialization.GAUSSIAN.draw(random, canvas.count() * LATENT), canvas.count(), LATENT);
        this.spread = layer(random, WIDE * rows * columns, LATENT);
        this.spreadNorm = norm(WIDE);
        this.narrow = layer(random, NARROW, WIDE, 3, 3);
        this.narrowNorm = norm(NARROW);
        this.paint = layer(random, canvas.channels(), NARROW, 3, 3);
    }

    /** @param shape of the weight, outputs first */
    private Layer layer(Random random, long... shape) {
        int outputs = Math.toIntExact(shape[0]);
        int inputs = 1;
        for (int i = 1; i < shape.length; i++) {
            inputs *= Math.toIntExact(shape[i]);
        }
        double bound = 1 / Math.sqrt(inputs);
        float[] weight = uniform(random, bound, Math.multiplyExact(outputs, inputs));
        float[] bias = uniform(random, bound, outputs);
        return new Layer(learned(weight, shape), learned(bias, outputs));
    }

    private static float[] uniform(Random random, double bound, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    private Norm norm(int channels) {
        return new Norm(learned(ones(channels), channels), learned(new float[channels], channels));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private AdamLeaf learned(float[] start, long... shape) {
        AdamLeaf leaf = new AdamLeaf(start, shape);
        network.add(leaf);
        return leaf;
    }

    @Override
    public Tensor draw() {
        Tensor seeds = latents.value()
                .linear(spread.weight().value(), spread.bias().value())
                .reshape(canvas.count(), WIDE, rows, columns);
        Tensor wide = normalise(seeds, spreadNorm).enlarge(2);
        Tensor narrowed =
                normalise(convolve(wide, narrow), narrowNorm).leakyRelu(SLOPE).enlarge(2);
        Tensor painted = convolve(narrowed, paint).tanh();
        Tensor contrasted = normalise(painted, constant(canvas.channels(), 1), constant(canvas.channels(), 0));
        return contrasted.slice(2, 0, canvas.height(), 1).slice(3, 0, canvas.width(), 1);
    }

    private static Tensor convolve(Tensor x, Layer layer) {
        return x.conv2d(layer.weight().value(), layer.bias().value(), 1, 1, 1);
    }

    private static Tensor normalise(Tensor x, Norm norm) {
        return normalise(x, norm.scale().value(), norm.shift().value());
    }

    /** The running statistics, which nobody reads, are fresh at every call. */
    private static Tensor normalise(Tensor x, Tensor scale, Tensor shift) {
        int channels = Math.toIntExact(x.size(1));
        return x.batchNorm(constant(channels, 0), constant(channels, 1), scale, shift, EPSILON, true);
    }

    private static Tensor constant(int channels, float value) {
        float[] values = new float[channels];
        Arrays.fill(values, value);
        return Tensor.of(values, channels);
    }

    /** What the network learns: spread, its norm, narrow, its norm, paint. */
    List<AdamLeaf> leaves() {
        return List.copyOf(network);
    }

    @Override
    public void step(double rate, int iteration) {
        latents.step(rate);
        double own = canvas.settings().generatorLearningRate() * Math.pow(DECAY, (iteration - 1) / DECAY_EVERY);
        network.forEach(leaf -> leaf.step(own));
    }

    @Override
    public void close() {
        latents.close();
        network.forEach(AdamLeaf::close);
    }
}
