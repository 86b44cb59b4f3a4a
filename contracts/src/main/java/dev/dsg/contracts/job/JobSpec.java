package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;

/**
 * A job with nothing left open: written once to {@code jobs/ID/spec.json}, read by every worker. Two equal
 * specifications give the same bytes.
 *
 * @param jobId its name
 * @param model name of a network in the store
 * @param synthesis how calibration images are made
 * @param quantization how the network is quantized
 * @param training how the quantized network learns; {@code null} where it does not
 * @param evaluation what the result is measured on
 * @param seed seed of everything random
 */
public record JobSpec(
        JobId jobId,
        String model,
        SynthesisSpec synthesis,
        QuantizationSpec quantization,
        @JsonInclude(JsonInclude.Include.NON_NULL) TrainingSpec training,
        EvaluationSpec evaluation,
        long seed) {

    /** Refuses missing parts, numbers out of bounds, and a training without its scheme. */
    public JobSpec {
        Require.present("jobId", jobId);
        Require.name("model", model);
        Require.present("synthesis", synthesis);
        Require.present("quantization", quantization);
        Require.present("evaluation", evaluation);
        Bound.SEED.check(seed);
        requireTraining(quantization, training);
    }

    /** How many batches of images the job has in all. */
    public int batches() {
        return training != null && training.source() == TrainingSource.GENERATOR
                ? training.steps()
                : synthesis.batches();
    }

    private static void requireTraining(QuantizationSpec quantization, TrainingSpec training) {
        if (!quantization.scheme().trains()) {
            if (training != null) {
                throw DsgException.invalid(
                        "quantization.scheme", quantization.scheme().wireName(), "qat, for there is a part training");
            }
            return;
        }
        Require.present("training", training);
        if (quantization.weightRange() != WeightRange.WHOLE && training.weightSteps() == WeightSteps.RECOMPUTED) {
            throw DsgException.invalid(
                    "quantization.weightRange",
                    quantization.weightRange().wireName(),
                    "whole with training.weightSteps recomputed, which reach as far as the weights at every step");
        }
    }
}
