package dev.dsg.contracts.job;

import dev.dsg.contracts.error.DsgException;
import java.math.BigDecimal;

/** The bounds of every number in a job: the one table, which the JSON Schemas repeat and a test compares. */
public enum Bound {
    /** Number of synthetic images. */
    IMAGES("synthesis.images", 1, 65_536),
    /** Images optimised together. */
    BATCH_SIZE("synthesis.batchSize", 1, 1_024),
    /** Optimiser steps per batch. */
    ITERATIONS("synthesis.iterations", 0, 100_000),
    /** Step size of the optimiser. */
    LEARNING_RATE("synthesis.learningRate", Ends.OPEN_BELOW, 0, 10),
    /** Iterations without improvement before the step shrinks. */
    PLATEAU_PATIENCE("synthesis.plateauPatience", 1, 100_000),
    /** Percentile of the probe's deviations that is forgiven; 0 forgives nothing. */
    SLACK_PERCENTILE("synthesis.slackPercentile", Ends.CLOSED, 0, 1),
    /** Gaussian images that measure the slack. */
    PROBE_IMAGES("synthesis.probeImages", 1, 65_536),
    /** Additional weight of the layer an image specialises in; 0 is off. */
    LAYER_ENHANCEMENT("synthesis.layerEnhancement", Ends.CLOSED, 0, 1_000),
    /** Weight of the images' similarity; 0 is off. */
    CORRELATION_INHIBITION("synthesis.correlationInhibition", Ends.CLOSED, 0, 1_000),
    /** Weight of the deviation of the batch's statistics; 0 is off. */
    POPULATION_ALIGNMENT("synthesis.populationAlignment", Ends.CLOSED, 0, 1_000),
    /** Weight of the cross-entropy to random classes; 0 is off. */
    LABEL_LOSS("synthesis.labelLoss", Ends.CLOSED, 0, 1_000),
    /** Weight of the differences between neighbouring pixels; 0 is off. */
    TOTAL_VARIATION("synthesis.totalVariation", Ends.CLOSED, 0, 1_000),
    /** Weight of the images' mean Euclidean norm; 0 is off. */
    PIXEL_NORM("synthesis.pixelNorm", Ends.CLOSED, 0, 1_000),
    /** Step size for the weights of a generator network. */
    GENERATOR_LEARNING_RATE("synthesis.generatorLearningRate", Ends.OPEN_BELOW, 0, 10),
    /** Bits of a weight. */
    WEIGHT_BITS("quantization.weightBits", BitWidth.MIN, BitWidth.MAX),
    /** Bits of an activation. */
    ACTIVATION_BITS("quantization.activationBits", BitWidth.MIN, BitWidth.MAX),
    /** Bits of the weights of the first and the last layer, and of what the last layer reads. */
    EDGE_BITS("quantization.edgeBits", BitWidth.MIN, BitWidth.MAX),
    /** Mean bits of all weights. */
    WEIGHT_BUDGET("quantization.weightBudget", Ends.CLOSED, BitWidth.MIN, BitWidth.MAX),
    /** Steps for each layer or block of a rounding that is learned. */
    RECONSTRUCTION_ITERATIONS("quantization.reconstructionIterations", 1, 1_000_000),
    /** MiB for the values that such a rounding keeps. */
    RECONSTRUCTION_MEMORY("quantization.reconstructionMemory", 1, 1_048_576),
    /** Times that the learning goes over so many iterations. */
    EPOCHS("training.epochs", 1, 10_000),
    /** Optimiser steps in an epoch. */
    ITERATIONS_PER_EPOCH("training.iterationsPerEpoch", 1, 100_000),
    /** Images in a step of training. */
    TRAINING_BATCH_SIZE("training.batchSize", 1, 1_024),
    /** Epochs in which only a generator learns. */
    WARMUP_EPOCHS("training.warmupEpochs", 0, 9_999),
    /** First step size of training. */
    TRAINING_RATE("training.learningRate", Ends.OPEN_BELOW, 0, 10),
    /** Factor by which that shrinks. */
    DECAY("training.decay", Ends.OPEN_BELOW, 0, 1),
    /** Share of the last step that is taken again. */
    MOMENTUM("training.momentum", Ends.OPEN_ABOVE, 0, 1),
    /** Pull of weights towards 0. */
    WEIGHT_DECAY("training.weightDecay", Ends.CLOSED, 0, 1),
    /** Temperature of distillation. */
    GRADIENT_NORM("training.gradientNorm", Ends.CLOSED, 0, 1_000_000),
    TEMPERATURE("training.temperature", Ends.OPEN_BELOW, 0, 1_000),
    /** Weight of the divergence from the teacher; 0 is off. */
    DISTILLATION("training.distillation", Ends.CLOSED, 0, 1_000),
    /** Weight of the cross-entropy to the images' classes; 0 is off. */
    CROSS_ENTROPY("training.crossEntropy", Ends.CLOSED, 0, 1_000),
    /** Epochs in which activation ranges move. */
    RANGE_EPOCHS("training.rangeEpochs", 0, 10_000),
    /** Stored batches in memory. */
    WINDOW("training.window", 1, 4_096),
    /** First step size of a generator that makes batches on and on. */
    TRAINED_GENERATOR_RATE("training.generatorLearningRate", Ends.OPEN_BELOW, 0, 10),
    /** Factor by which that shrinks. */
    GENERATOR_DECAY("training.generatorDecay", Ends.OPEN_BELOW, 0, 1),
    /** First moment of its Adam. */
    BETA1("training.beta1", Ends.OPEN_ABOVE, 0, 1),
    /** Second moment of its Adam. */
    BETA2("training.beta2", Ends.OPEN_ABOVE, 0, 1),
    /** Numbers that it makes an image of. */
    LATENT("training.latent", 1, 4_096),
    /** Weight of the deviation of statistics in its loss; 0 is off. */
    STATISTICS_WEIGHT("training.statisticsWeight", Ends.CLOSED, 0, 1_000),
    /** Steps between two checkpoints. */
    CHECKPOINT_STEPS("training.checkpointSteps", 1, 100_000),
    /** Batches that it may be ahead. */
    LEAD("training.lead", 1, 100_000),
    /** Images evaluated together. */
    EVALUATION_BATCH_SIZE("evaluation.batchSize", 1, 10_000),
    /** Seconds for which speed is measured; 0 is off. */
    LATENCY_SECONDS("evaluation.latencySeconds", Ends.CLOSED, 0, 600),
    /** Top-1 that may be lost. */
    MAX_DROP("evaluation.maxDrop", Ends.CLOSED, 0, 1),
    /** How many times as fast the artefact is at least. */
    MIN_SPEEDUP("evaluation.minSpeedup", Ends.CLOSED, 0, 1_000),
    /** Bytes of the artefact's ONNX model. */
    MAX_BYTES("evaluation.maxBytes", 1, 1L << 40),
    /** Seed of everything random: what a JSON number carries in every language without loss. */
    SEED("seed", 0, (1L << 53) - 1);

    private enum Ends {
        WHOLE_NUMBERS,
        CLOSED,
        OPEN_BELOW,
        OPEN_ABOVE
    }

    private final String field;
    private final Ends ends;
    private final long min;
    private final long max;

    Bound(String field, long min, long max) {
        this(field, Ends.WHOLE_NUMBERS, min, max);
    }

    Bound(String field, Ends ends, long min, long max) {
        this.field = field;
        this.ends = ends;
        this.min = min;
        this.max = max;
    }

    /** Dotted path of the field. */
    public String field() {
        return field;
    }

    /** The lower end. */
    public long min() {
        return min;
    }

    /** The upper end. */
    public long max() {
        return max;
    }

    /** Whether the lower end itself is refused. */
    public boolean minExcluded() {
        return ends == Ends.OPEN_BELOW;
    }

    /** Whether the upper end itself is refused. */
    public boolean maxExcluded() {
        return ends == Ends.OPEN_ABOVE;
    }

    /** Whether only whole numbers are allowed. */
    public boolean integral() {
        return ends == Ends.WHOLE_NUMBERS;
    }

    /** What the field accepts, for people. */
    public String expected() {
        return switch (ends) {
            case WHOLE_NUMBERS -> "an integer in " + min + ".." + max;
            case CLOSED -> "a number in [" + min + ", " + max + "]";
            case OPEN_BELOW -> "a number in (" + min + ", " + max + "]";
            case OPEN_ABOVE -> "a number in [" + min + ", " + max + ")";
        };
    }

    /**
     * Returns the value if it lies within.
     *
     * @throws DsgException {@code INVALID_FIELD} with this field, the value and what it accepts
     */
    public int check(int value) {
        return (int) check((long) value);
    }

    /** As {@link #check(int)}, for wide integers. */
    public long check(long value) {
        if (value < min || value > max) {
            throw DsgException.invalid(field, value, expected());
        }
        return value;
    }

    /** As {@link #check(int)}, for fractions; not-a-number lies nowhere. */
    public double check(double value) {
        boolean above = minExcluded() ? value > min : value >= min;
        boolean below = maxExcluded() ? value < max : value <= max;
        if (!above || !below) {
            throw DsgException.invalid(field, plain(value), expected());
        }
        return value;
    }

    private static Object plain(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value) : (Object) Double.toString(value);
    }
}
