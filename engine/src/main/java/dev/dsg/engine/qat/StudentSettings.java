package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.training.Schedule;

/**
 * How a {@link Student} learns.
 *
 * @param schedule the learning rate of each step
 * @param momentum of Nesterov's method, or of the heavy ball
 * @param nesterov which of the two
 * @param weightDecay L2 on all that is trained
 * @param gradientNorm what the gradient of all that is trained is shortened to where it is longer; 0 leaves it
 * @param temperature at which the student imitates its teacher
 * @param distillation weight of the imitation
 * @param divergenceMean what the imitation's divergence is a mean over
 * @param crossEntropy weight of the labels
 * @param ranges what becomes of activation ranges
 * @param rangeSteps with {@link Ranges#EMA}, the steps after which they stay
 * @param weightSteps what becomes of the grids of weights
 */
public record StudentSettings(
        Schedule schedule,
        double momentum,
        boolean nesterov,
        double weightDecay,
        double gradientNorm,
        double temperature,
        double distillation,
        DivergenceMean divergenceMean,
        double crossEntropy,
        Ranges ranges,
        int rangeSteps,
        WeightSteps weightSteps) {

    /** What a divergence between answers is a mean over. */
    public enum DivergenceMean {
        /** The images. */
        IMAGES,
        /** The images and the classes, for which the weights are published. */
        ELEMENTS
    }

    /** What becomes of activation ranges. */
    public enum Ranges {
        /** They stay as post-training quantization found them. */
        CALIBRATED,
        /** They follow the extremes of each batch by an exponential moving average, and then stay. */
        EMA,
        /** Their step size is trained, the zero point stays (Esser et al., LSQ, ICLR 2020). */
        LEARNED
    }

    /** What becomes of the grids of weights. */
    public enum WeightSteps {
        /** Each step finds them anew from the weights as they are. */
        RECOMPUTED,
        /** They start as post-training quantization found them, and their step sizes are trained. */
        LEARNED
    }

    public StudentSettings {
        require("momentum", momentum, momentum >= 0 && momentum < 1, "0 to below 1");
        require("weightDecay", weightDecay, weightDecay >= 0, "at least 0");
        require("gradientNorm", gradientNorm, gradientNorm >= 0, "at least 0");
        require("temperature", temperature, temperature > 0, "above 0");
        require("distillation", distillation, distillation >= 0, "at least 0");
        require("crossEntropy", crossEntropy, crossEntropy >= 0, "at least 0");
        require("distillation", distillation, distillation + crossEntropy > 0, "above 0 where crossEntropy is 0");
        require("rangeSteps", rangeSteps, rangeSteps >= 0, "at least 0");
    }

    private static void require(String field, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }
}
