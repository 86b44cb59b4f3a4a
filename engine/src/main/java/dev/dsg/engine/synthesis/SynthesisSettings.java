package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * How to synthesise. ZeroQ is the setting without slack and with every weight 0; noise is the one with 0 iterations.
 *
 * @param initialization where the pixels start
 * @param iterations optimiser steps; 0 leaves the start as it is
 * @param learningRate of Adam, on pixels
 * @param plateauPatience steps without progress after which the learning rate falls tenfold
 * @param slackPercentile which percentile of the Gaussian probe's deviations is left free (slack distribution alignment);
 *     0 for no slack
 * @param layerEnhancement added weight of the one layer that each image enhances (layerwise sample enhancement); 0 for none
 * @param correlationInhibition weight of the squared cosines between images (sample correlation inhibition); 0 for none
 * @param populationAlignment weight of the deviation of the whole batch's statistics, without slack; 0 for none
 * @param labelLoss weight of the cross-entropy between the network's answer and a random class for each image; 0 for none
 * @param totalVariation weight of the differences between neighbouring pixels; 0 for none
 * @param pixelNorm weight of the images' mean Euclidean norm; 0 for none
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
        double pixelNorm) {

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
    }

    /** Without population alignment, labels and image priors. */
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
                0);
    }

    private static void require(String field, Number value, boolean holds, String expected) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
