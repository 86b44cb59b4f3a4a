package dev.dsg.quantizer;

import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.quantization.Target;

/** What a job says of quantization, in the engine's terms. */
final class Settings {

    private Settings() {}

    static QuantizationSettings of(JobSpec spec) {
        QuantizationSpec how = spec.quantization();
        return QuantizationSettings.of(
                        target(how),
                        how.weightBits().bits(),
                        how.activationBits().bits())
                .withRange(range(how))
                .withRounding(RoundingMethod.named(how.rounding().wireName(), spec.seed()));
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
}
