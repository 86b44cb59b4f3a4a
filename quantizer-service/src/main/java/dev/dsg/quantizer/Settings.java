package dev.dsg.quantizer;

import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.engine.qat.Replay;
import dev.dsg.engine.qat.StudentSettings;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.Reconstruction;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.quantization.WeightGrid;
import dev.dsg.engine.training.Schedule;
import java.util.List;
import java.util.OptionalInt;

/** What a job says of quantization, in the engine's terms. */
final class Settings {

    private static final long MEBIBYTE = 1L << 20;

    private Settings() {}

    static QuantizationSettings of(JobSpec spec) {
        QuantizationSpec how = spec.quantization();
        QuantizationSettings settings = QuantizationSettings.of(
                        target(how),
                        how.weightBits().bits(),
                        how.activationBits().bits())
                .withRange(range(how))
                .withWeightGrid(grid(how))
                .withRounding(rounding(how, spec.seed()))
                .withEqualization(how.equalization())
                .withBiasCorrection(how.biasCorrection());
        if (how.edgeBits() != null) {
            settings = settings.withEdgeBits(how.edgeBits().bits());
        }
        if (how.weightBudget() != null) {
            settings = settings.withWeightBudget(how.weightBudget());
        }
        return settings;
    }

    /** Which images the steps of a training see. */
    static Replay replay(JobSpec spec) {
        TrainingSpec how = spec.training();
        return new Replay(
                switch (how.source()) {
                    case INVERSION -> OptionalInt.of(spec.batches());
                    case GENERATOR -> OptionalInt.empty();
                },
                how.window(),
                how.batchSize(),
                switch (how.augmentation()) {
                    case NONE -> Replay.Augmentation.NONE;
                    case LIGHT -> Replay.Augmentation.LIGHT;
                },
                spec.seed());
    }

    /** How a student learns. */
    static StudentSettings student(TrainingSpec how) {
        return new StudentSettings(
                schedule(how),
                how.momentum(),
                how.nesterov(),
                how.weightDecay(),
                how.gradientNorm(),
                how.temperature(),
                how.distillation(),
                switch (how.divergenceMean()) {
                    case IMAGES -> StudentSettings.DivergenceMean.IMAGES;
                    case ELEMENTS -> StudentSettings.DivergenceMean.ELEMENTS;
                },
                how.crossEntropy(),
                switch (how.ranges()) {
                    case CALIBRATED -> StudentSettings.Ranges.CALIBRATED;
                    case EMA -> StudentSettings.Ranges.EMA;
                    case LEARNED -> StudentSettings.Ranges.LEARNED;
                },
                Math.min(how.rangeEpochs() * how.iterationsPerEpoch(), how.steps()),
                switch (how.weightSteps()) {
                    case RECOMPUTED -> StudentSettings.WeightSteps.RECOMPUTED;
                    case LEARNED -> StudentSettings.WeightSteps.LEARNED;
                });
    }

    /** A job counts epochs from the beginning of the warm-up, in which the student makes no step. */
    private static Schedule schedule(TrainingSpec how) {
        return switch (how.schedule()) {
            case COSINE -> new Schedule.Cosine(how.learningRate(), how.steps());
            case STEP -> {
                List<Integer> epochs = how.milestones().stream()
                        .map(epoch -> epoch - how.warmupEpochs())
                        .toList();
                long before = epochs.stream().filter(epoch -> epoch <= 0).count();
                yield new Schedule.Milestones(
                        how.learningRate() * Math.pow(how.decay(), before),
                        epochs.stream()
                                .filter(epoch -> epoch > 0)
                                .map(epoch -> epoch * how.iterationsPerEpoch())
                                .toList(),
                        how.decay());
            }
        };
    }

    private static Target target(QuantizationSpec how) {
        return switch (how.target()) {
            case REFERENCE -> Target.REFERENCE;
            case ONNXRUNTIME -> Target.ONNXRUNTIME;
        };
    }

    private static RangeMethod range(QuantizationSpec how) {
        return switch (how.range()) {
            case SAMPLE_MEAN -> RangeMethod.SAMPLE_MEAN;
            case MIN_MAX -> RangeMethod.MIN_MAX;
            case PERCENTILE -> RangeMethod.PERCENTILE;
            case MSE -> RangeMethod.MSE;
        };
    }

    private static WeightGrid grid(QuantizationSpec how) {
        return new WeightGrid(
                switch (how.granularity()) {
                    case CHANNEL -> WeightGrid.Granularity.CHANNEL;
                    case TENSOR -> WeightGrid.Granularity.TENSOR;
                },
                switch (how.weightSymmetry()) {
                    case ASYMMETRIC -> WeightGrid.Symmetry.ASYMMETRIC;
                    case SYMMETRIC -> WeightGrid.Symmetry.SYMMETRIC;
                },
                switch (how.weightRange()) {
                    case WHOLE -> WeightGrid.Extent.WHOLE;
                    case LEAST_ERROR -> WeightGrid.Extent.LEAST_ERROR;
                });
    }

    private static RoundingMethod rounding(QuantizationSpec how, long seed) {
        return switch (how.rounding()) {
            case NEAREST -> RoundingMethod.NEAREST;
            case SQUANT -> RoundingMethod.SQUANT;
            case ADAROUND -> within(how, Reconstruction.adaRound(seed));
            case BRECQ -> within(how, Reconstruction.brecq(seed));
            case QDROP -> within(how, Reconstruction.qdrop(seed));
        };
    }

    private static Reconstruction within(QuantizationSpec how, Reconstruction usual) {
        return usual.withIterations(how.reconstructionIterations())
                .withMemoryBytes(how.reconstructionMemory() * MEBIBYTE);
    }
}
