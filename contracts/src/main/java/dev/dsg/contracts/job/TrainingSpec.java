package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import java.util.List;
import java.util.Objects;

/**
 * How a quantized network, the student, learns to answer like the network it came from, the teacher; {@link Bound}
 * holds what each number may be. It starts as {@link QuantizationSpec} says, calibrated on the first batch alone.
 *
 * @param source where the images come from
 * @param epochs how often the learning goes over {@code iterationsPerEpoch} batches
 * @param iterationsPerEpoch optimiser steps in an epoch
 * @param batchSize images in a step
 * @param warmupEpochs the first of the epochs, in which only a generator learns; 0 without one
 * @param learningRate first step size of the quantized network
 * @param schedule how it shrinks
 * @param milestones for {@link Schedule#STEP}: after how many epochs, those of the warm-up included, it shrinks
 * @param decay for {@link Schedule#STEP}: the factor by which it does
 * @param momentum share of the last step that is taken again
 * @param nesterov whether the gradient is that where the momentum leads, as Nesterov has it
 * @param weightDecay pull of all weights towards 0
 * @param gradientNorm what the student's gradient is shortened to where it is longer; 0 is off
 * @param temperature by which the logits of both networks are divided where their answers are compared
 * @param distillation weight of the Kullback-Leibler divergence between the answers of both at that temperature, times
 *     its square; 0 is off
 * @param divergenceMean what that divergence is a mean over
 * @param crossEntropy weight of the cross-entropy to the images' classes; 0 is off
 * @param ranges what becomes of the ranges of activations
 * @param rangeEpochs for {@link ActivationRanges#EMA}: in how many of the student's first epochs they move
 * @param weightSteps what becomes of the step sizes of weights
 * @param augmentation how an image is changed each time it is shown
 * @param window how many stored batches the images of a step are drawn from, all of which lie in memory
 * @param encoding how batches are stored
 * @param generatorLearningRate first step size of the generator
 * @param generatorMilestones after how many epochs it shrinks
 * @param generatorDecay the factor by which it does
 * @param beta1 of the generator's Adam: share of the mean gradient that is kept in a step
 * @param beta2 of the generator's Adam: share of the mean squared gradient that is kept in a step
 * @param latent numbers that the generator makes an image of
 * @param statisticsWeight weight, in the generator's loss, of the deviation from the statistics in BatchNorm layers
 * @param checkpointSteps steps between two checkpoints
 * @param lead how many batches a generator may be ahead of those that are needed until the next checkpoint
 */
public record TrainingSpec(
        TrainingSource source,
        int epochs,
        int iterationsPerEpoch,
        int batchSize,
        int warmupEpochs,
        double learningRate,
        Schedule schedule,
        List<Integer> milestones,
        double decay,
        double momentum,
        boolean nesterov,
        double weightDecay,
        double gradientNorm,
        double temperature,
        double distillation,
        DivergenceMean divergenceMean,
        double crossEntropy,
        ActivationRanges ranges,
        int rangeEpochs,
        WeightSteps weightSteps,
        Augmentation augmentation,
        int window,
        ImageEncoding encoding,
        double generatorLearningRate,
        List<Integer> generatorMilestones,
        double generatorDecay,
        double beta1,
        double beta2,
        int latent,
        double statisticsWeight,
        int checkpointSteps,
        int lead) {

    /** The largest number of batches that their names can count. */
    public static final int MAX_BATCHES = 100_000;

    /** Milestones that are worth telling apart. */
    private static final int MAX_MILESTONES = 100;

    /** Refuses missing parts, numbers out of bounds, and settings that leave nothing to learn or nobody who learns. */
    public TrainingSpec {
        Require.present("training.source", source);
        Bound.EPOCHS.check(epochs);
        Bound.ITERATIONS_PER_EPOCH.check(iterationsPerEpoch);
        Bound.TRAINING_BATCH_SIZE.check(batchSize);
        Bound.WARMUP_EPOCHS.check(warmupEpochs);
        Bound.TRAINING_RATE.check(learningRate);
        Require.present("training.schedule", schedule);
        milestones = ascending("training.milestones", milestones);
        Bound.DECAY.check(decay);
        Bound.MOMENTUM.check(momentum);
        Bound.WEIGHT_DECAY.check(weightDecay);
        Bound.GRADIENT_NORM.check(gradientNorm);
        Bound.TEMPERATURE.check(temperature);
        Bound.DISTILLATION.check(distillation);
        Require.present("training.divergenceMean", divergenceMean);
        Bound.CROSS_ENTROPY.check(crossEntropy);
        Require.present("training.ranges", ranges);
        Bound.RANGE_EPOCHS.check(rangeEpochs);
        Require.present("training.weightSteps", weightSteps);
        Require.present("training.augmentation", augmentation);
        Bound.WINDOW.check(window);
        Require.present("training.encoding", encoding);
        Bound.TRAINED_GENERATOR_RATE.check(generatorLearningRate);
        generatorMilestones = ascending("training.generatorMilestones", generatorMilestones);
        Bound.GENERATOR_DECAY.check(generatorDecay);
        Bound.BETA1.check(beta1);
        Bound.BETA2.check(beta2);
        Bound.LATENT.check(latent);
        Bound.STATISTICS_WEIGHT.check(statisticsWeight);
        Bound.CHECKPOINT_STEPS.check(checkpointSteps);
        Bound.LEAD.check(lead);
        if (distillation == 0 && crossEntropy == 0) {
            throw DsgException.invalid(
                    Bound.DISTILLATION.field(),
                    distillation,
                    "more than 0 where crossEntropy is 0, for one has to teach");
        }
        requireWarmup(source, warmupEpochs, epochs);
        long steps = steps(epochs, warmupEpochs, iterationsPerEpoch);
        if (source == TrainingSource.GENERATOR && steps > MAX_BATCHES) {
            throw DsgException.invalid(
                    Bound.ITERATIONS_PER_EPOCH.field(),
                    iterationsPerEpoch,
                    "at most " + MAX_BATCHES
                            + " steps in all with a generator, which makes a batch for each; these are " + steps);
        }
    }

    /** Steps of the student in all. */
    @JsonIgnore
    public int steps() {
        return Math.toIntExact(steps(epochs, warmupEpochs, iterationsPerEpoch));
    }

    private static long steps(int epochs, int warmupEpochs, int iterationsPerEpoch) {
        return (long) (epochs - warmupEpochs) * iterationsPerEpoch;
    }

    private static void requireWarmup(TrainingSource source, int warmupEpochs, int epochs) {
        if (source == TrainingSource.INVERSION && warmupEpochs != 0) {
            throw DsgException.invalid(
                    Bound.WARMUP_EPOCHS.field(),
                    warmupEpochs,
                    "0 with source inversion, which has no generator to warm up");
        }
        if (warmupEpochs >= epochs) {
            throw DsgException.invalid(
                    Bound.WARMUP_EPOCHS.field(), warmupEpochs, "less than the epochs, which are " + epochs);
        }
    }

    private static List<Integer> ascending(String field, List<Integer> epochs) {
        Require.present(field, epochs);
        boolean good = epochs.size() <= MAX_MILESTONES && epochs.stream().allMatch(Objects::nonNull);
        for (int i = 0; good && i < epochs.size(); i++) {
            good = epochs.get(i) <= Bound.EPOCHS.max() && epochs.get(i) > (i == 0 ? 0 : epochs.get(i - 1));
        }
        if (!good) {
            throw DsgException.invalid(
                    field, epochs, "at most " + MAX_MILESTONES + " ascending integers in 1.." + Bound.EPOCHS.max());
        }
        return List.copyOf(epochs);
    }
}
