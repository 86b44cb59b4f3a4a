package dev.dsg.contracts.job;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;

/**
 * How the calibration images are made; {@link Bound} holds what each number may be.
 *
 * @param method the preset that filled what the user left out
 * @param images how many in all
 * @param batchSize how many are optimised together; the last batch may be smaller
 * @param iterations optimiser steps per batch
 * @param optimizer what moves the pixels
 * @param learningRate its first step size
 * @param plateauPatience iterations without improvement before the step size shrinks tenfold
 * @param init where the images start
 * @param slackPercentile percentile of a Gaussian probe's deviations that the statistics may deviate for free; 0 is off
 * @param probeImages Gaussian images in that probe
 * @param layerEnhancement additional weight of the one layer that each image specialises in; 0 is off
 * @param correlationInhibition weight of the mean squared cosine between images of a batch; 0 is off
 * @param populationAlignment weight of the deviation of the whole batch's statistics, without slack; 0 is off
 * @param labelLoss weight of the mean cross-entropy to classes drawn at random, once per batch; 0 is off
 * @param totalVariation weight of the differences between neighbouring pixels; 0 is off
 * @param pixelNorm weight of the images' mean Euclidean norm; 0 is off
 * @param parameterization what is trained so that images come out: {@code pixels}, {@code latents} of a small generator
 *     network, or what a plug-in of the generator service is called
 * @param statistics over what the statistics are taken that shall agree with those in the BatchNorm layers
 * @param swing whether convolutions with a stride read their input moved at random
 * @param generatorLearningRate first step size for the weights of a generator network
 */
public record SynthesisSpec(
        SynthesisMethod method,
        int images,
        int batchSize,
        int iterations,
        Optimizer optimizer,
        double learningRate,
        int plateauPatience,
        Initialization init,
        double slackPercentile,
        int probeImages,
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

    private static final String PIXELS = "pixels";

    /** Refuses numbers out of bounds, and noise that is optimised or does not start as noise. */
    public SynthesisSpec {
        Require.present("synthesis.method", method);
        Bound.IMAGES.check(images);
        Bound.BATCH_SIZE.check(batchSize);
        Bound.ITERATIONS.check(iterations);
        Require.present("synthesis.optimizer", optimizer);
        Bound.LEARNING_RATE.check(learningRate);
        Bound.PLATEAU_PATIENCE.check(plateauPatience);
        Require.present("synthesis.init", init);
        Bound.SLACK_PERCENTILE.check(slackPercentile);
        Bound.PROBE_IMAGES.check(probeImages);
        Bound.LAYER_ENHANCEMENT.check(layerEnhancement);
        Bound.CORRELATION_INHIBITION.check(correlationInhibition);
        Bound.POPULATION_ALIGNMENT.check(populationAlignment);
        Bound.LABEL_LOSS.check(labelLoss);
        Bound.TOTAL_VARIATION.check(totalVariation);
        Bound.PIXEL_NORM.check(pixelNorm);
        Require.name("synthesis.parameterization", parameterization);
        Require.present("synthesis.statistics", statistics);
        Bound.GENERATOR_LEARNING_RATE.check(generatorLearningRate);
        if (statistics == Statistics.BATCH && layerEnhancement != 0) {
            throw DsgException.invalid(
                    Bound.LAYER_ENHANCEMENT.field(),
                    layerEnhancement,
                    "0 with statistics of the batch, in which no image can enhance a layer");
        }
        if (method == SynthesisMethod.NOISE) {
            requireNoise(iterations, init, parameterization);
        }
    }

    /** Number of batches. */
    public int batches() {
        return Math.ceilDiv(images, batchSize);
    }

    /**
     * Number of images in a batch.
     *
     * @param index counted from 0
     */
    public int imagesIn(int index) {
        if (index < 0 || index >= batches()) {
            throw DsgException.invalid("batchIndex", index, "an integer in 0.." + (batches() - 1));
        }
        return Math.min(batchSize, images - index * batchSize);
    }

    private static void requireNoise(int iterations, Initialization init, String parameterization) {
        if (iterations != 0) {
            throw DsgException.invalid(Bound.ITERATIONS.field(), iterations, "0, for noise is not optimised");
        }
        if (init != Initialization.GAUSSIAN) {
            throw DsgException.invalid("synthesis.init", init.wireName(), "gaussian, for that is what noise is");
        }
        if (!parameterization.equals(PIXELS)) {
            throw DsgException.invalid(
                    "synthesis.parameterization", parameterization, PIXELS + ", for that is what noise is");
        }
    }
}
