package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import java.util.List;
import java.util.Objects;

/**
 * A job as its author writes it: everything but the network may be left out ({@code null}). Nothing is checked before
 * {@link #resolve}, so that a bad job still has an id under which it can be refused.
 *
 * @param jobId its name; whoever submits it makes one where there is none
 * @param model name of a network in the store
 * @param synthesis settings that override the preset of the method
 * @param quantization settings that override the default
 * @param training settings that override the preset of the source; for the scheme {@code qat} alone
 * @param evaluation settings that override the default
 * @param seed seed of everything random
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobRequest(
        JobId jobId,
        String model,
        Synthesis synthesis,
        Quantization quantization,
        Training training,
        Evaluation evaluation,
        Long seed) {

    /** What {@link SynthesisSpec} says, each part optional, choices by their wire names. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Synthesis(
            String method,
            Integer images,
            Integer batchSize,
            Integer iterations,
            String optimizer,
            Double learningRate,
            Integer plateauPatience,
            String init,
            Double slackPercentile,
            Integer probeImages,
            Double layerEnhancement,
            Double correlationInhibition,
            Double populationAlignment,
            Double labelLoss,
            Double totalVariation,
            Double pixelNorm,
            String parameterization,
            String statistics,
            Boolean swing,
            Double generatorLearningRate) {

        static final Synthesis UNSAID = new Synthesis(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null);

        static Synthesis of(SynthesisSpec spec) {
            return new Synthesis(
                    spec.method().wireName(),
                    spec.images(),
                    spec.batchSize(),
                    spec.iterations(),
                    spec.optimizer().wireName(),
                    spec.learningRate(),
                    spec.plateauPatience(),
                    spec.init().wireName(),
                    spec.slackPercentile(),
                    spec.probeImages(),
                    spec.layerEnhancement(),
                    spec.correlationInhibition(),
                    spec.populationAlignment(),
                    spec.labelLoss(),
                    spec.totalVariation(),
                    spec.pixelNorm(),
                    spec.parameterization(),
                    spec.statistics().wireName(),
                    spec.swing(),
                    spec.generatorLearningRate());
        }

        /** Fills in what was left out; a network that is trained on a fixed set wants more images than a calibration. */
        SynthesisSpec resolve(TrainingSpec training) {
            SynthesisSpec preset = Presets.of(choice("synthesis.method", method, Presets.METHOD));
            boolean replayed = training != null && training.source() == TrainingSource.INVERSION;
            int batch = or(batchSize, preset.batchSize());
            // The similarity term is a mean over the images made together; its preset weight follows their number.
            boolean streamed = training != null && training.source() == TrainingSource.GENERATOR;
            int together = streamed ? training.batchSize() : batch;
            double inhibition = preset.correlationInhibition() * preset.batchSize() / together;
            return new SynthesisSpec(
                    preset.method(),
                    or(images, replayed ? Presets.REPLAYED_IMAGES : preset.images()),
                    batch,
                    or(iterations, preset.iterations()),
                    choice("synthesis.optimizer", optimizer, preset.optimizer()),
                    or(learningRate, preset.learningRate()),
                    or(plateauPatience, preset.plateauPatience()),
                    choice("synthesis.init", init, preset.init()),
                    or(slackPercentile, preset.slackPercentile()),
                    or(probeImages, preset.probeImages()),
                    or(layerEnhancement, preset.layerEnhancement()),
                    or(correlationInhibition, inhibition),
                    or(populationAlignment, preset.populationAlignment()),
                    or(labelLoss, preset.labelLoss()),
                    or(totalVariation, preset.totalVariation()),
                    or(pixelNorm, preset.pixelNorm()),
                    or(parameterization, preset.parameterization()),
                    choice("synthesis.statistics", statistics, preset.statistics()),
                    or(swing, preset.swing()),
                    or(generatorLearningRate, preset.generatorLearningRate()));
        }
    }

    /** What {@link QuantizationSpec} says, each part optional. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Quantization(
            String scheme,
            Integer weightBits,
            Integer activationBits,
            String range,
            String rounding,
            String target,
            String granularity,
            String weightSymmetry,
            String weightRange,
            Integer edgeBits,
            Boolean equalization,
            Boolean biasCorrection,
            Double weightBudget,
            Integer reconstructionIterations,
            Integer reconstructionMemory) {
        static final Quantization UNSAID = new Quantization(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        static Quantization of(QuantizationSpec spec) {
            return new Quantization(
                    spec.scheme().wireName(),
                    spec.weightBits().bits(),
                    spec.activationBits().bits(),
                    spec.range().wireName(),
                    spec.rounding().wireName(),
                    spec.target().wireName(),
                    spec.granularity().wireName(),
                    spec.weightSymmetry().wireName(),
                    spec.weightRange().wireName(),
                    spec.edgeBits() == null ? null : spec.edgeBits().bits(),
                    spec.equalization(),
                    spec.biasCorrection(),
                    spec.weightBudget(),
                    spec.reconstructionIterations(),
                    spec.reconstructionMemory());
        }

        QuantizationSpec resolve() {
            QuantizationSpec preset = Presets.of(choice("quantization.target", target, Presets.QUANTIZATION.target()));
            return new QuantizationSpec(
                    choice("quantization.scheme", scheme, preset.scheme()),
                    bits(Bound.WEIGHT_BITS, weightBits, preset.weightBits()),
                    bits(Bound.ACTIVATION_BITS, activationBits, preset.activationBits()),
                    choice("quantization.range", range, preset.range()),
                    choice("quantization.rounding", rounding, preset.rounding()),
                    preset.target(),
                    choice("quantization.granularity", granularity, preset.granularity()),
                    choice("quantization.weightSymmetry", weightSymmetry, preset.weightSymmetry()),
                    choice("quantization.weightRange", weightRange, preset.weightRange()),
                    bits(Bound.EDGE_BITS, edgeBits, preset.edgeBits()),
                    or(equalization, preset.equalization()),
                    or(biasCorrection, preset.biasCorrection()),
                    weightBudget,
                    or(reconstructionIterations, preset.reconstructionIterations()),
                    or(reconstructionMemory, preset.reconstructionMemory()));
        }

        private static BitWidth bits(Bound bound, Integer said, BitWidth preset) {
            return said == null ? preset : BitWidth.of(bound.check(said));
        }
    }

    /** What {@link TrainingSpec} says, each part optional, choices by their wire names. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Training(
            String source,
            Integer epochs,
            Integer iterationsPerEpoch,
            Integer batchSize,
            Integer warmupEpochs,
            Double learningRate,
            String schedule,
            List<Integer> milestones,
            Double decay,
            Double momentum,
            Boolean nesterov,
            Double weightDecay,
            Double gradientNorm,
            Double temperature,
            Double distillation,
            String divergenceMean,
            Double crossEntropy,
            String ranges,
            Integer rangeEpochs,
            String weightSteps,
            String augmentation,
            Integer window,
            String encoding,
            Double generatorLearningRate,
            List<Integer> generatorMilestones,
            Double generatorDecay,
            Double beta1,
            Double beta2,
            Integer latent,
            Double statisticsWeight,
            Integer checkpointSteps,
            Integer lead) {
        static final Training UNSAID = new Training(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        static Training of(TrainingSpec spec) {
            return new Training(
                    spec.source().wireName(),
                    spec.epochs(),
                    spec.iterationsPerEpoch(),
                    spec.batchSize(),
                    spec.warmupEpochs(),
                    spec.learningRate(),
                    spec.schedule().wireName(),
                    spec.milestones(),
                    spec.decay(),
                    spec.momentum(),
                    spec.nesterov(),
                    spec.weightDecay(),
                    spec.gradientNorm(),
                    spec.temperature(),
                    spec.distillation(),
                    spec.divergenceMean().wireName(),
                    spec.crossEntropy(),
                    spec.ranges().wireName(),
                    spec.rangeEpochs(),
                    spec.weightSteps().wireName(),
                    spec.augmentation().wireName(),
                    spec.window(),
                    spec.encoding().wireName(),
                    spec.generatorLearningRate(),
                    spec.generatorMilestones(),
                    spec.generatorDecay(),
                    spec.beta1(),
                    spec.beta2(),
                    spec.latent(),
                    spec.statisticsWeight(),
                    spec.checkpointSteps(),
                    spec.lead());
        }

        TrainingSpec resolve() {
            TrainingSpec preset = Presets.of(choice("training.source", source, Presets.SOURCE));
            return new TrainingSpec(
                    preset.source(),
                    or(epochs, preset.epochs()),
                    or(iterationsPerEpoch, preset.iterationsPerEpoch()),
                    or(batchSize, preset.batchSize()),
                    or(warmupEpochs, preset.warmupEpochs()),
                    or(learningRate, preset.learningRate()),
                    choice("training.schedule", schedule, preset.schedule()),
                    or(milestones, preset.milestones()),
                    or(decay, preset.decay()),
                    or(momentum, preset.momentum()),
                    or(nesterov, preset.nesterov()),
                    or(weightDecay, preset.weightDecay()),
                    or(gradientNorm, preset.gradientNorm()),
                    or(temperature, preset.temperature()),
                    or(distillation, preset.distillation()),
                    choice("training.divergenceMean", divergenceMean, preset.divergenceMean()),
                    or(crossEntropy, preset.crossEntropy()),
                    choice("training.ranges", ranges, preset.ranges()),
                    or(rangeEpochs, preset.rangeEpochs()),
                    choice("training.weightSteps", weightSteps, preset.weightSteps()),
                    choice("training.augmentation", augmentation, preset.augmentation()),
                    or(window, preset.window()),
                    choice("training.encoding", encoding, preset.encoding()),
                    or(generatorLearningRate, preset.generatorLearningRate()),
                    or(generatorMilestones, preset.generatorMilestones()),
                    or(generatorDecay, preset.generatorDecay()),
                    or(beta1, preset.beta1()),
                    or(beta2, preset.beta2()),
                    or(latent, preset.latent()),
                    or(statisticsWeight, preset.statisticsWeight()),
                    or(checkpointSteps, preset.checkpointSteps()),
                    or(lead, preset.lead()));
        }
    }

    /** What {@link EvaluationSpec} says, each part optional. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evaluation(
            String dataset,
            Integer batchSize,
            Double latencySeconds,
            Double maxDrop,
            Double minSpeedup,
            Long maxBytes) {
        static final Evaluation UNSAID = new Evaluation(null, null, null, null, null, null);

        static Evaluation of(EvaluationSpec spec) {
            return new Evaluation(
                    spec.dataset(),
                    spec.batchSize(),
                    spec.latencySeconds(),
                    spec.maxDrop(),
                    spec.minSpeedup(),
                    spec.maxBytes());
        }

        EvaluationSpec resolve() {
            EvaluationSpec preset = Presets.EVALUATION;
            return new EvaluationSpec(
                    or(dataset, preset.dataset()),
                    or(batchSize, preset.batchSize()),
                    or(latencySeconds, preset.latencySeconds()),
                    maxDrop,
                    minSpeedup,
                    maxBytes);
        }
    }

    /** The request that asks for a network and nothing else. */
    public static JobRequest of(String model) {
        return new JobRequest(null, model, null, null, null, null, null);
    }

    /** The request that spells a specification out; it resolves to that specification. */
    public static JobRequest of(JobSpec spec) {
        return new JobRequest(
                spec.jobId(),
                spec.model(),
                Synthesis.of(spec.synthesis()),
                Quantization.of(spec.quantization()),
                spec.training() == null ? null : Training.of(spec.training()),
                Evaluation.of(spec.evaluation()),
                spec.seed());
    }

    /** The same request under an id. */
    public JobRequest withJobId(JobId id) {
        return new JobRequest(id, model, synthesis, quantization, training, evaluation, seed);
    }

    /**
     * Fills what was left out and checks all of it.
     *
     * @throws DsgException {@code INVALID_FIELD} at the first field that is wrong; {@code jobId} counts as a field here
     */
    public JobSpec resolve() {
        Require.present("jobId", jobId);
        Require.name("model", model);
        QuantizationSpec how = or(quantization, Quantization.UNSAID).resolve();
        TrainingSpec learning = how.scheme().trains() || training != null
                ? or(training, Training.UNSAID).resolve()
                : null;
        return new JobSpec(
                jobId,
                model,
                or(synthesis, Synthesis.UNSAID).resolve(learning),
                how,
                learning,
                or(evaluation, Evaluation.UNSAID).resolve(),
                or(seed, Presets.SEED));
    }

    private static <T> T or(T said, T preset) {
        return Objects.requireNonNullElse(said, preset);
    }

    private static <E extends Enum<E> & WireNamed> E choice(String field, String said, E preset) {
        return said == null ? preset : WireNamed.parse(preset.getDeclaringClass(), field, said);
    }
}
