package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.training.Schedule;
import java.util.Objects;

/**
 * How to train an {@link ImageGenerator}.
 *
 * @param batchSize images of each step, at least 2
 * @param latent the length of the vector that an image is painted from, at least 1
 * @param learningRate of Adam, by step
 * @param beta1 how much of the mean gradient Adam keeps at a step, 0 to below 1
 * @param beta2 the same of the mean squared gradient
 * @param statisticsWeight of the alignment of the batch's statistics, beside a cross-entropy of weight 1; 0 for none
 * @param layerEnhancement the added weight of the one layer that each step enhances; 0 for none
 * @param correlationInhibition weight of the squared cosines between images; 0 for none
 * @param seed of everything that is drawn
 */
public record GeneratorSettings(
        int batchSize,
        int latent,
        Schedule learningRate,
        double beta1,
        double beta2,
        double statisticsWeight,
        double layerEnhancement,
        double correlationInhibition,
        long seed) {

    public GeneratorSettings {
        require("batchSize", batchSize, batchSize >= 2, "at least 2");
        require("latent", latent, latent >= 1, "at least 1");
        Objects.requireNonNull(learningRate, "learningRate");
        require("beta1", beta1, beta1 >= 0 && beta1 < 1, "0 to below 1");
        require("beta2", beta2, beta2 >= 0 && beta2 < 1, "0 to below 1");
        requireWeight("statisticsWeight", statisticsWeight);
        requireWeight("layerEnhancement", layerEnhancement);
        requireWeight("correlationInhibition", correlationInhibition);
    }

    private static void requireWeight(String field, double value) {
        require(field, value, value >= 0 && Double.isFinite(value), "at least 0 and finite");
    }

    private static void require(String field, Number value, boolean holds, String expected) {
        if (!holds) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
