package dev.dsg.contracts.job;

import dev.dsg.contracts.error.Require;

/**
 * A job with nothing left open: written once to {@code jobs/ID/spec.json}, read by every worker. Two equal
 * specifications give the same bytes.
 *
 * @param jobId its name
 * @param model name of a network in the store
 * @param synthesis how calibration images are made
 * @param quantization how the network is quantized
 * @param evaluation what the result is measured on
 * @param seed seed of everything random
 */
public record JobSpec(
        JobId jobId,
        String model,
        SynthesisSpec synthesis,
        QuantizationSpec quantization,
        EvaluationSpec evaluation,
        long seed) {

    /** Refuses missing parts and numbers out of bounds. */
    public JobSpec {
        Require.present("jobId", jobId);
        Require.name("model", model);
        Require.present("synthesis", synthesis);
        Require.present("quantization", quantization);
        Require.present("evaluation", evaluation);
        Bound.SEED.check(seed);
    }
}
