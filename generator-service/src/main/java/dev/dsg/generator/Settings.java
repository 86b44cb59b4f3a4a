package dev.dsg.generator;

import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;

/** What a job says, in the engine's terms. */
final class Settings {

    private Settings() {}

    static SynthesisSettings of(SynthesisSpec how) {
        return new SynthesisSettings(
                switch (how.init()) {
                    case GAUSSIAN -> Initialization.GAUSSIAN;
                    case TINY_UNIFORM -> Initialization.TINY_UNIFORM;
                    case UNIFORM -> Initialization.UNIFORM;
                },
                how.iterations(),
                how.learningRate(),
                how.plateauPatience(),
                how.slackPercentile(),
                how.layerEnhancement(),
                how.correlationInhibition(),
                how.populationAlignment(),
                how.labelLoss(),
                how.totalVariation(),
                how.pixelNorm(),
                how.parameterization(),
                statistics(how),
                how.swing(),
                how.generatorLearningRate());
    }

    /** As far as it says how wide things are; how the rest is done is left to the one who does it. */
    static QuantizationSettings widths(QuantizationSpec how) {
        var target =
                switch (how.target()) {
                    case REFERENCE -> Target.REFERENCE;
                    case ONNXRUNTIME -> Target.ONNXRUNTIME;
                };
        var settings = QuantizationSettings.of(
                target, how.weightBits().bits(), how.activationBits().bits());
        if (how.edgeBits() != null) {
            settings = settings.withEdgeBits(how.edgeBits().bits());
        }
        if (how.weightBudget() != null) {
            settings = settings.withWeightBudget(how.weightBudget());
        }
        return settings;
    }

    static Statistics statistics(SynthesisSpec how) {
        return switch (how.statistics()) {
            case IMAGE -> Statistics.IMAGE;
            case BATCH -> Statistics.BATCH;
        };
    }
}
