package dev.dsg.contracts.job;

import static dev.dsg.contracts.job.Initialization.GAUSSIAN;
import static dev.dsg.contracts.job.Initialization.TINY_UNIFORM;
import static dev.dsg.contracts.job.Initialization.UNIFORM;
import static dev.dsg.contracts.job.Optimizer.ADAM;

import java.util.List;

/** What a job is where its author said nothing: the one table of defaults. */
public final class Presets {
    /** The method of a job that names none. */
    public static final SynthesisMethod METHOD = SynthesisMethod.DSG;
    /** The quantization of a job that names none; MSE ranges serve every method best at 3 and 4 bits. */
    public static final QuantizationSpec QUANTIZATION = quantization(Target.REFERENCE, WeightSymmetry.ASYMMETRIC);
    /** The evaluation of a job that names none. */
    public static final EvaluationSpec EVALUATION = new EvaluationSpec("cifar10", 500, 3, null, null, null);
    /** The source of a job that trains and names none. */
    public static final TrainingSource SOURCE = TrainingSource.INVERSION;
    /** Images of a job that trains on a fixed set and does not say how many. */
    public static final int REPLAYED_IMAGES = 512;
    /** The seed of a job that names none. */
    public static final long SEED = 0;

    private static final QuantizationSpec INTEGERS = quantization(Target.ONNXRUNTIME, WeightSymmetry.SYMMETRIC);

    // method, images, iterations, rate, patience, init, slack, enhancement, inhibition, labels, variation, norm
    private static final SynthesisSpec NOISE =
            pixels(SynthesisMethod.NOISE, 64, 0, 0.5, 100, GAUSSIAN, 0, 0, 0, 0, 0, 0, 0);
    private static final SynthesisSpec ZEROQ =
            pixels(SynthesisMethod.ZEROQ, 64, 200, 0.5, 100, TINY_UNIFORM, 0, 0, 0, 0, 0, 0, 0);
    private static final SynthesisSpec DSG =
            pixels(SynthesisMethod.DSG, 64, 200, 0.5, 100, GAUSSIAN, 0.9, 1, 1.0 / 64, 1, 0, 0, 0);
    private static final SynthesisSpec DSG_PAPER =
            pixels(SynthesisMethod.DSG_PAPER, 64, 500, 0.5, 100, GAUSSIAN, 0.9, 1, 1.0 / 64, 0, 0, 0, 0);
    private static final SynthesisSpec DSG_RELEASED =
            pixels(SynthesisMethod.DSG_RELEASED, 40, 500, 0.9, 260, UNIFORM, 0.9, 3, 1e-4 / 40, 0, 2, 0.01, 0.01);
    private static final SynthesisSpec GENIE = new SynthesisSpec(
            SynthesisMethod.GENIE,
            64,
            64,
            500,
            ADAM,
            0.1,
            100,
            GAUSSIAN,
            0,
            1024,
            0,
            0,
            0,
            0,
            0,
            0,
            "latents",
            Statistics.BATCH,
            true,
            0.01);

    private static final TrainingSpec REPLAYED = training(TrainingSource.INVERSION, 10, 0);
    private static final TrainingSpec STREAMED = training(TrainingSource.GENERATOR, 14, 4);

    private Presets() {}

    /** The settings that a method's name stands for. */
    public static SynthesisSpec of(SynthesisMethod method) {
        return switch (method) {
            case NOISE -> NOISE;
            case ZEROQ -> ZEROQ;
            case DSG -> DSG;
            case DSG_PAPER -> DSG_PAPER;
            case DSG_RELEASED -> DSG_RELEASED;
            case GENIE -> GENIE;
        };
    }

    /** The quantization for a target of a job that says no more. */
    public static QuantizationSpec of(Target target) {
        return switch (target) {
            case REFERENCE -> QUANTIZATION;
            case ONNXRUNTIME -> INTEGERS;
        };
    }

    /** The training on images of a source of a job that says no more. */
    public static TrainingSpec of(TrainingSource source) {
        return switch (source) {
            case INVERSION -> REPLAYED;
            case GENERATOR -> STREAMED;
        };
    }

    /** Trains the pixels of one batch, each image with statistics of its own. */
    private static SynthesisSpec pixels(
            SynthesisMethod method,
            int images,
            int iterations,
            double learningRate,
            int plateauPatience,
            Initialization init,
            double slackPercentile,
            double layerEnhancement,
            double correlationInhibition,
            double populationAlignment,
            double labelLoss,
            double totalVariation,
            double pixelNorm) {
        return new SynthesisSpec(
                method,
                images,
                images,
                iterations,
                ADAM,
                learningRate,
                plateauPatience,
                init,
                slackPercentile,
                1024,
                layerEnhancement,
                correlationInhibition,
                populationAlignment,
                labelLoss,
                totalVariation,
                pixelNorm,
                "pixels",
                Statistics.IMAGE,
                false,
                0.01);
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
                null,
                300,
                512);
    }

    private static TrainingSpec training(TrainingSource source, int epochs, int warmupEpochs) {
        return new TrainingSpec(
                source,
                epochs,
                50,
                64,
                warmupEpochs,
                1e-3,
                Schedule.COSINE,
                List.of(),
                0.1,
                0.9,
                true,
                1e-4,
                1,
                20,
                1,
                DivergenceMean.IMAGES,
                0,
                ActivationRanges.LEARNED,
                4,
                WeightSteps.LEARNED,
                Augmentation.LIGHT,
                8,
                ImageEncoding.FLOAT16,
                1e-3,
                List.of(),
                0.1,
                0.5,
                0.999,
                100,
                0.1,
                100,
                16);
    }
}
