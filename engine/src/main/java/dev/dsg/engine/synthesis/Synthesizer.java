package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.synthesis.AlignmentLoss.Deviations;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes calibration images for one network.
 *
 * <p>The network is frozen with BatchNorm folded in; what is optimised are the images, or what a {@link Parameterization}
 * makes them from, so that the {@link Objective} falls. The same arguments give the same bytes, whatever the
 * number of threads and of other batches in work: all randomness is drawn on the host from the seed and the batch's
 * number.
 */
public final class Synthesizer implements AutoCloseable {

    private static final int PROBE_BATCH = 128;
    private static final long PROBE_SEED = 0x0DF0_5EEDL;

    private final StatisticsTargets targets;
    private final Interpreter network;
    private final Parameterizations parameterizations;
    private final int channels;
    private final int height;
    private final int width;

    /**
     * @param graph a network with BatchNorm
     * @param channels of its input, as height and width
     * @throws EngineException {@link Kind#NO_BATCH_NORM} if there is none
     */
    public Synthesizer(Graph graph, int channels, int height, int width) {
        this(graph, Parameterizations.BUILT_IN, channels, height, width);
    }

    /**
     * The same with more ways to make images than the engine's own.
     *
     * @param parameterizations those that settings can name
     */
    public Synthesizer(Graph graph, Parameterizations parameterizations, int channels, int height, int width) {
        this.targets = new StatisticsTargets(graph);
        this.network = new Interpreter(targets.graph());
        this.parameterizations = parameterizations;
        this.channels = channels;
        this.height = height;
        this.width = width;
    }

    /** The number of BatchNorm layers. */
    public int layers() {
        return targets.layers().size();
    }

    /**
     * Measures how far Gaussian images are from what the network remembers. The result depends on nothing but the network
     * and the arguments.
     *
     * @param percentile the share of deviations that the margins shall cover, 0..1; 0 gives no slack at all
     * @param statistics those that {@link #synthesize} will align; for the batch's, noise is probed 128 images at a time
     * @param images how many N(0, 1) images to probe with, at least 1
     */
    public Margins probe(double percentile, Statistics statistics, int images, ProgressListener progress) {
        if (percentile == 0) {
            return Margins.none(layers());
        }
        Random random = new Random(PROBE_SEED);
        float[][] mean = new float[layers()][0];
        float[][] deviation = new float[layers()][0];
        for (int from = 0; from < images; from += PROBE_BATCH) {
            int count = Math.min(PROBE_BATCH, images - from);
            float[] noise = Initialization.GAUSSIAN.draw(random, count * channels * height * width);
            try (Scope _ = Scope.open();
                    AlignmentLoss loss = new AlignmentLoss(targets, statistics, Margins.none(layers()), 0, 0, count)) {
                Moments moments = new Moments(targets.layers());
                network.run(Tensor.ofChannelsLast(noise, count, channels, height, width), moments);
                Deviations d = loss.deviations(moments);
                append(mean, d.mean().abs());
                append(deviation, d.deviation().abs());
            }
            progress.progress(from + count, images);
        }
        return new Margins(percentiles(mean, percentile), percentiles(deviation, percentile));
    }

    /** Adds the columns of each layer to what was seen of it before. */
    private void append(float[][] layers, Tensor matrix) {
        float[] values = matrix.toFloats();
        int rows = Math.toIntExact(matrix.size(0));
        int columns = Math.toIntExact(matrix.size(1));
        int column = 0;
        for (int l = 0; l < layers.length; l++) {
            int own = targets.layers().get(l).channels();
            int at = layers[l].length;
            layers[l] = Arrays.copyOf(layers[l], at + rows * own);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values, row * columns + column, layers[l], at + row * own, own);
            }
            column += own;
        }
    }

    private static float[] percentiles(float[][] layers, double percentile) {
        float[] result = new float[layers.length];
        for (int l = 0; l < result.length; l++) {
            result[l] = Margins.percentile(layers[l], percentile);
        }
        return result;
    }

    /**
     * Makes one batch: the images of the iteration with the least loss.
     *
     * @param margins from {@link #probe} with the same statistics
     * @param batchIndex the batch's number within its job, from 0
     * @param firstImage the number of its first image within the job
     * @param count how many images, at least 1
     * @param progress told after every iteration
     * @throws EngineException {@link Kind#INVALID_SETTING} if the parameterization is not known or the loss is not finite
     */
    public SyntheticBatch synthesize(
            SynthesisSettings settings,
            Margins margins,
            long seed,
            int batchIndex,
            int firstImage,
            int count,
            ProgressListener progress) {
        Random random = random(seed, batchIndex);
        Parameterization how = parameterizations.named(settings.parameterization());
        Canvas canvas = new Canvas(settings, count, channels, height, width, random);
        try (Scope _ = Scope.open();
                CheckedImages images = new CheckedImages(canvas, how.begin(canvas))) {
            List<Integer> labels = settings.labelLoss() == 0 ? List.of() : labels(random, count);
            Tap disturbance = settings.swing() ? new Swing(random) : Tap.NONE;
            try (Objective objective = new Objective(targets, settings, margins, firstImage, count, labels)) {
                Plateau plateau = new Plateau(settings.learningRate(), settings.plateauPatience());
                LeastLoss best = new LeastLoss();
                double first = Double.NaN;
                for (int i = 1; i <= settings.iterations(); i++) {
                    double loss = descend(objective, images, disturbance, best);
                    requireFinite(loss, i);
                    first = i == 1 ? loss : first;
                    images.step(plateau.rate(), i);
                    plateau.observe(loss);
                    progress.progress(i, settings.iterations());
                }
                return finish(objective, images, best, labels, first);
            }
        }
    }

    /**
     * One forward and backward pass, of which the latter ends at the images and goes on into what they are drawn from:
     * leaves the gradients there, and returns the loss.
     */
    private double descend(Objective objective, CheckedImages images, Tap disturbance, LeastLoss best) {
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            Tensor drawn = images.draw();
            Tensor x = drawn.detach().requireGradient();
            Tensor loss = objective.loss(objective.observe(network, x, disturbance));
            gradients.backward(loss);
            images.backward(gradients, drawn, x.gradient());
            best.offer(loss.item(), x);
            return loss.item();
        }
    }

    private SyntheticBatch finish(
            Objective objective, CheckedImages images, LeastLoss best, List<Integer> labels, double first) {
        try (Scope _ = Scope.open()) {
            Tensor x = best.images().orElseGet(() -> images.draw().detach());
            Observation seen = objective.observe(network, x, Tap.NONE);
            Map<String, Double> diagnostics = Diagnostics.of(objective, seen, targets, first);
            return new SyntheticBatch(new HostTensor(x.shape(), x.toFloats()), labels, diagnostics);
        }
    }

    private List<Integer> labels(Random random, int count) {
        Map<String, Shape> shapes = ShapeInference.infer(targets.graph(), Shape.of(channels, height, width));
        int classes = shapes.get(targets.graph().output().name()).count();
        return random.ints(count, 0, classes).boxed().toList();
    }

    private static void requireFinite(double loss, int iteration) {
        if (!Double.isFinite(loss)) {
            throw new EngineException(
                    Kind.INVALID_SETTING,
                    "learningRate",
                    "too high: the loss of iteration " + iteration + " is " + loss,
                    "a rate at which the loss stays finite");
        }
    }

    /**
     * The stream that all randomness of one batch is drawn from, or of one step. Neighbouring seeds and batches are spread over all of the
     * generator's states (the finaliser of SplittableRandom).
     */
    public static Random random(long seed, int batch) {
        long z = seed + 0x9E3779B97F4A7C15L * (batch + 1L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new Random(z ^ (z >>> 31));
    }

    @Override
    public void close() {
        network.close();
    }
}
