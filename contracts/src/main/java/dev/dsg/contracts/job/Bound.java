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
    LEARNING_RATE("synthesis.learningRate", Lower.EXCLUDED, 0, 10),
    /** Iterations without improvement before the step shrinks. */
    PLATEAU_PATIENCE("synthesis.plateauPatience", 1, 100_000),
    /** Percentile of the probe's deviations that is forgiven; 0 forgives nothing. */
    SLACK_PERCENTILE("synthesis.slackPercentile", Lower.INCLUDED, 0, 1),
    /** Gaussian images that measure the slack. */
    PROBE_IMAGES("synthesis.probeImages", 1, 65_536),
    /** Additional weight of the layer an image specialises in; 0 is off. */
    LAYER_ENHANCEMENT("synthesis.layerEnhancement", Lower.INCLUDED, 0, 1_000),
    /** Weight of the images' similarity; 0 is off. */
    CORRELATION_INHIBITION("synthesis.correlationInhibition", Lower.INCLUDED, 0, 1_000),
    /** Weight of the deviation of the batch's statistics; 0 is off. */
    POPULATION_ALIGNMENT("synthesis.populationAlignment", Lower.INCLUDED, 0, 1_000),
    /** Weight of the cross-entropy to random classes; 0 is off. */
    LABEL_LOSS("synthesis.labelLoss", Lower.INCLUDED, 0, 1_000),
    /** Weight of the differences between neighbouring pixels; 0 is off. */
    TOTAL_VARIATION("synthesis.totalVariation", Lower.INCLUDED, 0, 1_000),
    /** Weight of the images' mean Euclidean norm; 0 is off. */
    PIXEL_NORM("synthesis.pixelNorm", Lower.INCLUDED, 0, 1_000),
    /** Step size for the weights of a generator network. */
    GENERATOR_LEARNING_RATE("synthesis.generatorLearningRate", Lower.EXCLUDED, 0, 10),
    /** Bits of a weight. */
    WEIGHT_BITS("quantization.weightBits", BitWidth.MIN, BitWidth.MAX),
    /** Bits of an activation. */
    ACTIVATION_BITS("quantization.activationBits", BitWidth.MIN, BitWidth.MAX),
    /** Bits of the weights of the first and the last layer, and of what the last layer reads. */
    EDGE_BITS("quantization.edgeBits", BitWidth.MIN, BitWidth.MAX),
    /** Mean bits of all weights. */
    WEIGHT_BUDGET("quantization.weightBudget", Lower.INCLUDED, BitWidth.MIN, BitWidth.MAX),
    /** Steps for each layer or block of a rounding that is learned. */
    RECONSTRUCTION_ITERATIONS("quantization.reconstructionIterations", 1, 1_000_000),
    /** MiB for the values that such a rounding keeps. */
    RECONSTRUCTION_MEMORY("quantization.reconstructionMemory", 1, 1_048_576),
    /** Images evaluated together. */
    EVALUATION_BATCH_SIZE("evaluation.batchSize", 1, 10_000),
    /** Seed of everything random: what a JSON number carries in every language without loss. */
    SEED("seed", 0, (1L << 53) - 1);

    private enum Lower {
        INCLUDED,
        EXCLUDED,
        WHOLE_NUMBERS
    }

    private final String field;
    private final Lower lower;
    private final long min;
    private final long max;

    Bound(String field, long min, long max) {
        this(field, Lower.WHOLE_NUMBERS, min, max);
    }

    Bound(String field, Lower lower, long min, long max) {
        this.field = field;
        this.lower = lower;
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

    /** The upper end, always allowed. */
    public long max() {
        return max;
    }

    /** Whether the lower end itself is refused. */
    public boolean minExcluded() {
        return lower == Lower.EXCLUDED;
    }

    /** Whether only whole numbers are allowed. */
    public boolean integral() {
        return lower == Lower.WHOLE_NUMBERS;
    }

    /** What the field accepts, for people. */
    public String expected() {
        return switch (lower) {
            case WHOLE_NUMBERS -> "an integer in " + min + ".." + max;
            case INCLUDED -> "a number in [" + min + ", " + max + "]";
            case EXCLUDED -> "a number in (" + min + ", " + max + "]";
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
        if (!above || !(value <= max)) {
            throw DsgException.invalid(field, plain(value), expected());
        }
        return value;
    }

    private static Object plain(double value) {
        return Double.isFinite(value) ? BigDecimal.valueOf(value) : (Object) Double.toString(value);
    }
}
