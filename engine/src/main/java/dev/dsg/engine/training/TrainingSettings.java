package dev.dsg.engine.training;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * How to train.
 *
 * @param epochs passes over the training images, at least 1
 * @param batchSize images per step
 * @param peakLearningRate the top of the one-cycle schedule
 * @param momentum of Nesterov's method
 * @param weightDecay L2 on convolution and classifier weights; BatchNorm parameters and biases are not decayed
 * @param seed of initialisation, order and augmentation
 */
public record TrainingSettings(
        int epochs, int batchSize, double peakLearningRate, double momentum, double weightDecay, long seed) {

    public TrainingSettings {
        require("epochs", epochs, epochs >= 1, "at least 1");
        require("batchSize", batchSize, batchSize >= 2, "at least 2");
        require("peakLearningRate", peakLearningRate, peakLearningRate > 0, "above 0");
        require("momentum", momentum, momentum >= 0 && momentum < 1, "0 to below 1");
        require("weightDecay", weightDecay, weightDecay >= 0, "at least 0");
    }

    private static void require(String field, Number value, boolean holds, String expected) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
