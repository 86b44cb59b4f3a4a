package dev.dsg.generator;

import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;

/** What a job says of synthesis, in the engine's terms. */
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

    static Statistics statistics(SynthesisSpec how) {
        return switch (how.statistics()) {
            case IMAGE -> Statistics.IMAGE;
            case BATCH -> Statistics.BATCH;
        };
    }
}
