package dev.dsg.contracts.job;

import static dev.dsg.contracts.job.Initialization.GAUSSIAN;
import static dev.dsg.contracts.job.Initialization.TINY_UNIFORM;
import static dev.dsg.contracts.job.Optimizer.ADAM;

/** What a job is where its author said nothing: the one table of defaults. */
public final class Presets {
    /** The method of a job that names none. */
    public static final SynthesisMethod METHOD = SynthesisMethod.DSG;
    /** The quantization of a job that names none; MSE ranges serve every method best at 3 and 4 bits. */
    public static final QuantizationSpec QUANTIZATION = new QuantizationSpec(
            QuantizationScheme.PTQ,
            BitWidth.of(4),
            BitWidth.of(4),
            RangeMethod.MSE,
            Rounding.NEAREST,
            Target.REFERENCE);
    /** The evaluation of a job that names none. */
    public static final EvaluationSpec EVALUATION = new EvaluationSpec("cifar10", 500);
    /** The seed of a job that names none. */
    public static final long SEED = 0;

    // method, images, batch, iterations, optimizer, rate, patience, init, slack, probe, enhancement, inhibition
    private static final SynthesisSpec NOISE =
            new SynthesisSpec(SynthesisMethod.NOISE, 64, 64, 0, ADAM, 0.5, 100, GAUSSIAN, 0.0, 1024, 0.0, 0.0);
    private static final SynthesisSpec ZEROQ =
            new SynthesisSpec(SynthesisMethod.ZEROQ, 64, 64, 100, ADAM, 0.5, 100, TINY_UNIFORM, 0.0, 1024, 0.0, 0.0);
    private static final SynthesisSpec DSG =
            new SynthesisSpec(SynthesisMethod.DSG, 64, 64, 100, ADAM, 0.5, 100, GAUSSIAN, 0.9, 1024, 1.0, 1.0 / 64);

    private Presets() {}

    /** The settings that a method's name stands for. */
    public static SynthesisSpec of(SynthesisMethod method) {
        return switch (method) {
            case NOISE -> NOISE;
            case ZEROQ -> ZEROQ;
            case DSG -> DSG;
        };
    }
}
