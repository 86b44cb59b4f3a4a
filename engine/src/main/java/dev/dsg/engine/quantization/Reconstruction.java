package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * Rounding that is learned: part by part, in the order of the network, weights are rounded down or up so that what a part
 * makes of the calibration images stays what it was in float32. The same settings and images give the same bytes.
 *
 * @param unit what is learned together
 * @param activations what activations are meanwhile
 * @param dropProbability with {@link Activations#DROPPED}, how often a value stays as in float32, 0..1
 * @param iterations of Adam for every unit
 * @param batchSize images of an iteration
 * @param learningRate of the rounding variables
 * @param rangeLearningRate of activation ranges, relative to their extent, falling to 0 along half a cosine; with 0
 *     they stay as calibrated
 * @param regularization weight of the term that drives the rounding variables to 0 or 1
 * @param memoryBytes budget of the values kept of a unit: its inputs and outputs on the images. Those of images beyond it
 *     wait in a temporary file; the result is the same
 * @param seed of the choice of images and of what is dropped
 */
public record Reconstruction(
        Unit unit,
        Activations activations,
        double dropProbability,
        int iterations,
        int batchSize,
        double learningRate,
        double rangeLearningRate,
        double regularization,
        long memoryBytes,
        long seed)
        implements RoundingMethod {

    /** One to two minutes of one core for a ResNet-20 of CIFAR-10. */
    private static final int USUAL_ITERATIONS = 300;

    /**
     * High enough that so few iterations carry a variable from one end to the other; the literature's 1e-3 is for 20,000.
     */
    private static final double USUAL_RATE = 0.1;

    /** High enough that hardly a variable is undecided in the end; the literature has 0.01 to 1. */
    private static final double USUAL_REGULARIZATION = 0.1;

    private static final long USUAL_MEMORY = 512L << 20;

    /** What is learned together. */
    public enum Unit {
        /** A convolution or fully connected layer with what belongs to it. */
        LAYER,
        /** A residual or branched block, or a layer that is in none. */
        BLOCK
    }

    /** What activations are while weights are learned. */
    public enum Activations {
        /**
         * As in float32. Their ranges are calibrated, and learned if they shall be, once all weights are rounded. Weights
         * then make up for nothing that activations lose.
         */
        EXACT,
        /** Quantized, except for values drawn anew each time. Their ranges are learned together with the weights. */
        DROPPED
    }

    public Reconstruction {
        require("dropProbability", dropProbability, dropProbability >= 0 && dropProbability <= 1, "0..1");
        require("iterations", iterations, iterations >= 1, "at least 1");
        require("batchSize", batchSize, batchSize >= 1, "at least 1");
        require("learningRate", learningRate, learningRate > 0, "above 0");
        require("rangeLearningRate", rangeLearningRate, rangeLearningRate >= 0, "at least 0");
        require("regularization", regularization, regularization >= 0, "at least 0");
        require("memoryBytes", memoryBytes, memoryBytes >= 1, "at least 1");
    }

    private static void require(String field, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }

    /** AdaRound (Nagel et al., ICML 2020): layers, under exact activations. */
    public static Reconstruction adaRound(long seed) {
        return usual(Unit.LAYER, Activations.EXACT, 0, 0, seed);
    }

    /** BRECQ (Li et al., ICLR 2021): blocks, under exact activations; then the activations' ranges. */
    public static Reconstruction brecq(long seed) {
        return usual(Unit.BLOCK, Activations.EXACT, 0, 1e-3, seed);
    }

    /** QDrop (Wei et al., ICLR 2022): blocks, under activations of which one half is quantized. */
    public static Reconstruction qdrop(long seed) {
        return usual(Unit.BLOCK, Activations.DROPPED, 0.5, 1e-3, seed);
    }

    private static Reconstruction usual(Unit unit, Activations activations, double drop, double rangeRate, long seed) {
        return new Reconstruction(
                unit,
                activations,
                drop,
                USUAL_ITERATIONS,
                32,
                USUAL_RATE,
                rangeRate,
                USUAL_REGULARIZATION,
                USUAL_MEMORY,
                seed);
    }

    /** The same with another number of iterations. */
    public Reconstruction withIterations(int number) {
        return new Reconstruction(
                unit,
                activations,
                dropProbability,
                number,
                batchSize,
                learningRate,
                rangeLearningRate,
                regularization,
                memoryBytes,
                seed);
    }

    /** The same with another budget of memory. */
    public Reconstruction withMemoryBytes(long bytes) {
        return new Reconstruction(
                unit,
                activations,
                dropProbability,
                iterations,
                batchSize,
                learningRate,
                rangeLearningRate,
                regularization,
                bytes,
                seed);
    }
}
