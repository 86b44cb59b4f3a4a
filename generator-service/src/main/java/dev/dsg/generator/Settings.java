package dev.dsg.generator;

import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.engine.qat.GeneratorSettings;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.synthesis.Encoding;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.training.Schedule;

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
                statistics(how.statistics()),
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

    /** How the generator network of a job learns; as for images that are optimised, the job's synthesis says how diverse. */
    static GeneratorSettings generator(JobSpec spec) {
        TrainingSpec how = spec.training();
        return new GeneratorSettings(
                how.batchSize(),
                how.latent(),
                new Schedule.Milestones(
                        how.generatorLearningRate(),
                        how.generatorMilestones().stream()
                                .map(epoch -> epoch * how.iterationsPerEpoch())
                                .toList(),
                        how.generatorDecay()),
                how.beta1(),
                how.beta2(),
                how.statisticsWeight(),
                spec.synthesis().layerEnhancement(),
                spec.synthesis().correlationInhibition(),
                spec.seed());
    }

    /** How the batches of a job are stored: as they are, unless its training says otherwise. */
    static Encoding encoding(JobSpec spec) {
        if (spec.training() == null) {
            return Encoding.FLOAT32;
        }
        return switch (spec.training().encoding()) {
            case UINT8 -> Encoding.UINT8;
            case FLOAT16 -> Encoding.FLOAT16;
            case FLOAT32 -> Encoding.FLOAT32;
        };
    }

    static Statistics statistics(dev.dsg.contracts.job.Statistics of) {
        return switch (of) {
            case IMAGE -> Statistics.IMAGE;
            case BATCH -> Statistics.BATCH;
        };
    }
}
