package dev.dsg.evaluator;

import dev.dsg.engine.evaluation.Answers;
import dev.dsg.engine.evaluation.Change;
import dev.dsg.engine.evaluation.Tally;

/**
 * What was found on a set of images, or on a part of one, in counts: those of the parts add up, in any order, to exactly
 * those of the set.
 *
 * @param fp32 of the network as it came
 * @param quantized of its artefact, as the interpreter computes it
 * @param computed of the artefact as ONNX Runtime computes it
 * @param quantization from the first to the second
 * @param computation from the second to the third
 */
record Findings(Tally fp32, Tally quantized, Tally computed, Change quantization, Change computation) {

    static Findings of(Answers fp32, Answers quantized, Answers computed) {
        return new Findings(
                fp32.tally(),
                quantized.tally(),
                computed.tally(),
                fp32.changeTo(quantized),
                quantized.changeTo(computed));
    }

    Findings plus(Findings other) {
        return new Findings(
                fp32.plus(other.fp32),
                quantized.plus(other.quantized),
                computed.plus(other.computed),
                quantization.plus(other.quantization),
                computation.plus(other.computation));
    }
}
