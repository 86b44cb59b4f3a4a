package dev.dsg.contracts.job;

import static dev.dsg.contracts.job.Initialization.GAUSSIAN;
import static dev.dsg.contracts.job.Initialization.TINY_UNIFORM;
import static dev.dsg.contracts.job.Initialization.UNIFORM;
import static dev.dsg.contracts.job.Optimizer.ADAM;

/** What a job is where its author said nothing: the one table of defaults. */
public final class Presets {
    /** The method of a job that names none. */
    public static final SynthesisMethod METHOD = SynthesisMethod.DSG;
    /** The quantization of a job that names none; MSE ranges serve every method best at 3 and 4 bits. */
    public static final QuantizationSpec QUANTIZATION = quantization(Target.REFERENCE, WeightSymmetry.ASYMMETRIC);
    /** The evaluation of a job that names none. */
    public static final EvaluationSpec EVALUATION = new EvaluationSpec("cifar10", 500);
    /** The seed of a job that names none. */
    public static final long SEED = 0;

    private static final QuantizationSpec INTEGERS = quantization(Target.ONNXRUNTIME, WeightSymmetry.SYMMETRIC);

    // method, images, batch, iterations, optimizer, rate, patience, init, slack, probe, enhancement, inhibition,
    // labels,
    // variation, norm
    private static final SynthesisSpec NOISE =
            new SynthesisSpec(SynthesisMethod.NOISE, 64, 64, 0, ADAM, 0.5, 100, GAUSSIAN, 0, 1024, 0, 0, 0, 0, 0);
    private static final SynthesisSpec ZEROQ =
            new SynthesisSpec(SynthesisMethod.ZEROQ, 64, 64, 100, ADAM, 0.5, 100, TINY_UNIFORM, 0, 1024, 0, 0, 0, 0, 0);
    private static final SynthesisSpec DSG = new SynthesisSpec(
            SynthesisMethod.DSG, 64, 64, 100, ADAM, 0.5, 100, GAUSSIAN, 0.9, 1024, 1, 1.0 / 64, 0, 0, 0);
    private static final SynthesisSpec DSG_PAPER = new SynthesisSpec(
            SynthesisMethod.DSG_PAPER, 64, 64, 500, ADAM, 0.5, 100, GAUSSIAN, 0.9, 1024, 1, 1.0 / 64, 0, 0, 0);
    private static final SynthesisSpec DSG_RELEASED = new SynthesisSpec(
            SynthesisMethod.DSG_RELEASED, 40, 40, 500, ADAM, 0.9, 260, UNIFORM, 0.9, 1024, 3, 1e-4 / 40, 2, 0.01, 0.01);

    private Presets() {}

    /** The settings that a method's name stands for. */
    public static SynthesisSpec of(SynthesisMethod method) {
        return switch (method) {
            case NOISE -> NOISE;
            case ZEROQ -> ZEROQ;
            case DSG -> DSG;
            case DSG_PAPER -> DSG_PAPER;
            case DSG_RELEASED -> DSG_RELEASED;
        };
    }

    /** The quantization for a target of a job that says no more. */
    public static QuantizationSpec of(Target target) {
        return switch (target) {
            case REFERENCE -> QUANTIZATION;
            case ONNXRUNTIME -> INTEGERS;
        };
    }

    private static QuantizationSpec quantization(Target target, WeightSymmetry symmetry) {
        return new QuantizationSpec(
                QuantizationScheme.PTQ,
                BitWidth.of(4),
                BitWidth.of(4),
                RangeMethod.MSE,
                Rounding.NEAREST,
                target,
                Granularity.CHANNEL,
                symmetry,
                WeightRange.WHOLE,
                null,
                false,
                false,
                1000,
                512);
    }
}
