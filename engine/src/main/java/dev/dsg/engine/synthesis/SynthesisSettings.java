package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.Objects;

/**
 * How to synthesise. ZeroQ is the setting without slack and with every weight 0; noise is the one with 0 iterations.
 *
 * @param initialization where the pixels start
 * @param iterations optimiser steps; 0 leaves the start as it is
 * @param learningRate of Adam, on pixels or latent vectors
 * @param plateauPatience steps without progress after which the learning rate falls tenfold
 * @param slackPercentile which percentile of the Gaussian probe's deviations is left free (slack distribution alignment);
 *     0 for no slack
 * @param layerEnhancement added weight of the one layer that each image enhances (layerwise sample enhancement); 0 for none
 * @param correlationInhibition weight of the squared cosines between images (sample correlation inhibition); 0 for none
 * @param populationAlignment weight of the deviation of the whole batch's statistics, without slack; 0 for none
 * @param labelLoss weight of the cross-entropy between the network's answer and a random class for each image; 0 for none
 * @param totalVariation weight of the differences between neighbouring pixels; 0 for none
 * @param pixelNorm weight of the images' mean Euclidean norm; 0 for none
 * @param parameterization what is trained: {@code pixels}, {@code latents}, or what a plug-in is called (see {@link
 *     Parameterizations})
 * @param statistics whether every image shall have the statistics that the network remembers, or the batch as a whole
 * @param swing whether convolutions with a stride read their input moved at random (Genie)
 * @param generatorLearningRate of Adam, on the weights of a generator network; {@code learningRate} is that of its inputs
 */
public record SynthesisSettings(
        Initialization initialization,
        int iterations,
        double learningRate,
        int plateauPatience,
        double slackPercentile,
        double layerEnhancement,
        double correlationInhibition,
        double populationAlignment,
        double labelLoss,
        double totalVariation,
        double pixelNorm,
        String parameterization,
        Statistics statistics,
        boolean swing,
        double generatorLearningRate) {

    private static final double GENERATOR_LEARNING_RATE = 0.01;

    public SynthesisSettings {
        require("iterations", iterations, iterations >= 0, "at least 0");
        require("learningRate", learningRate, learningRate > 0, "above 0");
        require("plateauPatience", plateauPatience, plateauPatience >= 1, "at least 1");
        require("slackPercentile", slackPercentile, slackPercentile >= 0 && slackPercentile <= 1, "0 to 1");
        require("layerEnhancement", layerEnhancement, layerEnhancement >= 0, "at least 0");
        require("correlationInhibition", correlationInhibition, correlationInhibition >= 0, "at least 0");
        require("populationAlignment", populationAlignment, populationAlignment >= 0, "at least 0");
        require("labelLoss", labelLoss, labelLoss >= 0, "at least 0");
        require("totalVariation", totalVariation, totalVariation >= 0, "at least 0");
        require("pixelNorm", pixelNorm, pixelNorm >= 0, "at least 0");
        Objects.requireNonNull(parameterization, "parameterization");
        require(
                "layerEnhancement",
                layerEnhancement,
                layerEnhancement == 0 || statistics == Statistics.IMAGE,
                "0 with statistics of the batch, in which no image can enhance a layer");
        require(
                "generatorLearningRate",
                generatorLearningRate,
                generatorLearningRate > 0 && generatorLearningRate <= 10,
                "above 0, at most 10");
    }

    /** For pixels, each image with statistics of its own, without population alignment, labels and image priors. */
    public SynthesisSettings(
            Initialization initialization,
            int iterations,
            double learningRate,
            int plateauPatience,
            double slackPercentile,
            double layerEnhancement,
            double correlationInhibition) {
        this(
                initialization,
                iterations,
                learningRate,
                plateauPatience,
                slackPercentile,
                layerEnhancement,
                correlationInhibition,
                0,
                0,
                0,
                0,
                Pixels.NAME,
                Statistics.IMAGE,
                false,
                GENERATOR_LEARNING_RATE);
    }

    /** The same with another number of optimiser steps. */
    public SynthesisSettings withIterations(int steps) {
        return new SynthesisSettings(
                initialization,
                steps,
                learningRate,
                plateauPatience,
                slackPercentile,
                layerEnhancement,
                correlationInhibition,
                populationAlignment,
                labelLoss,
                totalVariation,
                pixelNorm,
                parameterization,
                statistics,
                swing,
                generatorLearningRate);
    }

    private static void require(String field, Number value, boolean holds, String expected) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
