package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRequestTest {
    private static final JobId ID = JobId.parse("j1");

    @Test
    void shouldFillInEveryDefault() {
        // When
        JobSpec spec = JobRequest.of("resnet20-cifar10").withJobId(ID).resolve();

        // Then
        assertThat(spec)
                .isEqualTo(new JobSpec(
                        ID,
                        "resnet20-cifar10",
                        new SynthesisSpec(
                                SynthesisMethod.DSG,
                                64,
                                64,
                                200,
                                Optimizer.ADAM,
                                0.5,
                                100,
                                Initialization.GAUSSIAN,
                                0.9,
                                1024,
                                1.0,
                                1.0 / 64,
                                1,
                                0,
                                0,
                                0,
                                "pixels",
                                Statistics.IMAGE,
                                false,
                                0.01),
                        new QuantizationSpec(
                                QuantizationScheme.PTQ,
                                BitWidth.of(4),
                                BitWidth.of(4),
                                RangeMethod.MSE,
                                Rounding.NEAREST,
                                Target.REFERENCE,
                                Granularity.CHANNEL,
                                WeightSymmetry.ASYMMETRIC,
                                WeightRange.WHOLE,
                                null,
                                false,
                                false,
                                null,
                                300,
                                512),
                        null,
                        new EvaluationSpec("cifar10", 500, 3, null, null, null),
                        0));
    }

    @Test
    void shouldFillInTheDefaultsOfZeroQ() {
        assertThat(synthesis(JobFields.of("synthesis.method", "zeroq")))
                .isEqualTo(new SynthesisSpec(
                        SynthesisMethod.ZEROQ,
                        64,
                        64,
                        200,
                        Optimizer.ADAM,
                        0.5,
                        100,
                        Initialization.TINY_UNIFORM,
                        0,
                        1024,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        "pixels",
                        Statistics.IMAGE,
                        false,
                        0.01));
    }

    @Test
    void shouldFillInTheDefaultsOfNoise() {
        assertThat(synthesis(JobFields.of("synthesis.method", "noise")))
                .isEqualTo(new SynthesisSpec(
                        SynthesisMethod.NOISE,
                        64,
                        64,
                        0,
                        Optimizer.ADAM,
                        0.5,
                        100,
                        Initialization.GAUSSIAN,
                        0,
                        1024,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        "pixels",
                        Statistics.IMAGE,
                        false,
                        0.01));
    }

    @Test
    void shouldFillInTheDefaultsOfDsgAsInItsPaper() {
        assertThat(synthesis(JobFields.of("synthesis.method", "dsg-paper")))
                .isEqualTo(new SynthesisSpec(
                        SynthesisMethod.DSG_PAPER,
                        64,
                        64,
                        500,
                        Optimizer.ADAM,
                        0.5,
                        100,
                        Initialization.GAUSSIAN,
                        0.9,
                        1024,
                        1,
                        1.0 / 64,
                        0,
                        0,
                        0,
                        0,
                        "pixels",
                        Statistics.IMAGE,
                        false,
                        0.01));
    }

    @Test
    void shouldFillInTheDefaultsOfDsgAsReleased() {
        assertThat(synthesis(JobFields.of("synthesis.method", "dsg-released")))
                .isEqualTo(new SynthesisSpec(
                        SynthesisMethod.DSG_RELEASED,
                        40,
                        40,
                        500,
                        Optimizer.ADAM,
                        0.9,
                        260,
                        Initialization.UNIFORM,
                        0.9,
                        1024,
                        3,
                        1e-4 / 40,
                        0,
                        2,
                        0.01,
                        0.01,
                        "pixels",
                        Statistics.IMAGE,
                        false,
                        0.01));
    }

    @Test
    void shouldFillInTheDefaultsOfGenie() {
        assertThat(synthesis(JobFields.of("synthesis.method", "genie")))
                .isEqualTo(new SynthesisSpec(
                        SynthesisMethod.GENIE,
                        64,
                        64,
                        500,
                        Optimizer.ADAM,
                        0.1,
                        100,
                        Initialization.GAUSSIAN,
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
                        0.01));
    }

    @Test
    void shouldRefuseImagesThatEnhanceLayersInStatisticsOfTheBatch() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of("synthesis.statistics", "batch").resolve())
                .withMessage("synthesis.layerEnhancement is 1.0, expected 0 with statistics of the batch,"
                        + " in which no image can enhance a layer");
    }

    @Test
    void shouldPutTheZeroOfWeightsWhereTheTargetWantsIt() {
        assertThat(JobFields.of("quantization.target", "onnxruntime")
                        .resolve()
                        .quantization()
                        .weightSymmetry())
                .isEqualTo(WeightSymmetry.SYMMETRIC);
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of(Map.of(
                                "quantization.target", "onnxruntime",
                                "quantization.weightSymmetry", "asymmetric"))
                        .resolve())
                .withMessage(
                        "quantization.weightSymmetry is \"asymmetric\", expected symmetric for target onnxruntime");
    }

    @Test
    void shouldLetExplicitFieldsOverrideThePreset() {
        // When
        SynthesisSpec spec = synthesis(JobFields.of(Map.of(
                "synthesis.method", "zeroq",
                "synthesis.init", "uniform",
                "synthesis.slackPercentile", 0.5,
                "synthesis.layerEnhancement", 3.0,
                "synthesis.correlationInhibition", 0.25)));

        // Then
        assertThat(spec.init()).isEqualTo(Initialization.UNIFORM);
        assertThat(spec.slackPercentile()).isEqualTo(0.5);
        assertThat(spec.layerEnhancement()).isEqualTo(3.0);
        assertThat(spec.correlationInhibition()).isEqualTo(0.25);
    }

    @Test
    void shouldDefaultTheCorrelationInhibitionToOneOverTheBatch() {
        assertThat(synthesis(JobFields.of("synthesis.batchSize", 16)).correlationInhibition())
                .isEqualTo(1.0 / 16);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAcceptBothEndsOfEveryBound(Bound bound) {
        assertThat(JobFields.of(bound, JobFields.first(bound)).resolve()).isNotNull();
        assertThat(JobFields.of(bound, JobFields.last(bound)).resolve()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseWhatLiesBeyondEveryBound(Bound bound) {
        assertRefused(bound, JobFields.below(bound));
        assertRefused(bound, JobFields.above(bound));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "LEARNING_RATE",
                "SLACK_PERCENTILE",
                "LAYER_ENHANCEMENT",
                "CORRELATION_INHIBITION",
                "LABEL_LOSS",
                "TOTAL_VARIATION",
                "PIXEL_NORM",
                "GENERATOR_LEARNING_RATE",
                "WEIGHT_BUDGET",
                "TRAINING_RATE",
                "MOMENTUM"
            })
    void shouldRefuseNumbersThatAreNone(Bound bound) {
        assertRefused(bound, Double.NaN);
        assertRefused(bound, Double.POSITIVE_INFINITY);
    }

    @Test
    void shouldHoldTheBoundsOfTheDesign() {
        assertThat(Stream.of(Bound.values()).map(bound -> bound.field() + ": " + bound.expected()))
                .containsExactly(
                        "synthesis.images: an integer in 1..65536",
                        "synthesis.batchSize: an integer in 1..1024",
                        "synthesis.iterations: an integer in 0..100000",
                        "synthesis.learningRate: a number in (0, 10]",
                        "synthesis.plateauPatience: an integer in 1..100000",
                        "synthesis.slackPercentile: a number in [0, 1]",
                        "synthesis.probeImages: an integer in 1..65536",
                        "synthesis.layerEnhancement: a number in [0, 1000]",
                        "synthesis.correlationInhibition: a number in [0, 1000]",
                        "synthesis.populationAlignment: a number in [0, 1000]",
                        "synthesis.labelLoss: a number in [0, 1000]",
                        "synthesis.totalVariation: a number in [0, 1000]",
                        "synthesis.pixelNorm: a number in [0, 1000]",
                        "synthesis.generatorLearningRate: a number in (0, 10]",
                        "quantization.weightBits: an integer in 2..8",
                        "quantization.activationBits: an integer in 2..8",
                        "quantization.edgeBits: an integer in 2..8",
                        "quantization.weightBudget: a number in [2, 8]",
                        "quantization.reconstructionIterations: an integer in 1..1000000",
                        "quantization.reconstructionMemory: an integer in 1..1048576",
                        "training.epochs: an integer in 1..10000",
                        "training.iterationsPerEpoch: an integer in 1..100000",
                        "training.batchSize: an integer in 1..1024",
                        "training.warmupEpochs: an integer in 0..9999",
                        "training.learningRate: a number in (0, 10]",
                        "training.decay: a number in (0, 1]",
                        "training.momentum: a number in [0, 1)",
                        "training.weightDecay: a number in [0, 1]",
                        "training.gradientNorm: a number in [0, 1000000]",
                        "training.temperature: a number in (0, 1000]",
                        "training.distillation: a number in [0, 1000]",
                        "training.crossEntropy: a number in [0, 1000]",
                        "training.rangeEpochs: an integer in 0..10000",
                        "training.window: an integer in 1..4096",
                        "training.generatorLearningRate: a number in (0, 10]",
                        "training.generatorDecay: a number in (0, 1]",
                        "training.beta1: a number in [0, 1)",
                        "training.beta2: a number in [0, 1)",
                        "training.latent: an integer in 1..4096",
                        "training.statisticsWeight: a number in [0, 1000]",
                        "training.checkpointSteps: an integer in 1..100000",
                        "training.lead: an integer in 1..100000",
                        "evaluation.batchSize: an integer in 1..10000",
                        "evaluation.latencySeconds: a number in [0, 600]",
                        "evaluation.maxDrop: a number in [0, 1]",
                        "evaluation.minSpeedup: a number in [0, 1000]",
                        "evaluation.maxBytes: an integer in 1..1099511627776",
                        "seed: an integer in 0..9007199254740991");
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of("synthesis.method", "noise, zeroq, dsg, dsg-paper, dsg-released, genie"),
                Arguments.of("synthesis.optimizer", "adam"),
                Arguments.of("synthesis.init", "gaussian, tiny-uniform, uniform"),
                Arguments.of("synthesis.statistics", "image, batch"),
                Arguments.of("quantization.scheme", "ptq, qat"),
                Arguments.of("training.source", "inversion, generator"),
                Arguments.of("training.schedule", "step, cosine"),
                Arguments.of("training.divergenceMean", "images, elements"),
                Arguments.of("training.ranges", "calibrated, ema, learned"),
                Arguments.of("training.weightSteps", "recomputed, learned"),
                Arguments.of("training.augmentation", "none, light"),
                Arguments.of("training.encoding", "uint8, float16, float32"),
                Arguments.of("quantization.range", "sample-mean, min-max, percentile, mse"),
                Arguments.of("quantization.rounding", "nearest, squant, adaround, brecq, qdrop"),
                Arguments.of("quantization.target", "reference, onnxruntime"),
                Arguments.of("quantization.granularity", "channel, tensor"),
                Arguments.of("quantization.weightSymmetry", "asymmetric, symmetric"),
                Arguments.of("quantization.weightRange", "whole, least-error"));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void shouldRefuseAnUnknownChoiceAndListTheKnown(String field, String known) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of(choosing(field, "Nonsense")).resolve())
                .withMessage(field + " is \"Nonsense\", expected one of " + known);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void shouldAcceptEveryKnownChoice(String field, String known) {
        for (String choice : known.split(", ")) {
            Map<String, Object> said = choosing(field, choice);
            if (choice.equals("batch")) {
                said.put("synthesis.layerEnhancement", 0.0);
            }
            assertThat(JobFields.of(said).resolve()).isNotNull();
        }
    }

    private static Map<String, Object> choosing(String field, String choice) {
        Map<String, Object> said = new HashMap<>();
        if (field.startsWith("training.")) {
            said.put("quantization.scheme", "qat");
        }
        said.put(field, choice);
        return said;
    }

    @Test
    void shouldRefuseOptimisedNoise() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(
                        () -> synthesis(JobFields.of(Map.of("synthesis.method", "noise", "synthesis.iterations", 10))))
                .withMessage("synthesis.iterations is 10, expected 0, for noise is not optimised");
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> synthesis(
                        JobFields.of(Map.of("synthesis.method", "noise", "synthesis.parameterization", "latents"))))
                .withMessage("synthesis.parameterization is \"latents\", expected pixels, for that is what noise is");
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(
                        () -> synthesis(JobFields.of(Map.of("synthesis.method", "noise", "synthesis.init", "uniform"))))
                .withMessage("synthesis.init is \"uniform\", expected gaussian, for that is what noise is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "A", "-a", "a b"})
    void shouldRefuseNamesThatAreNone(String name) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobRequest.of(name).withJobId(ID).resolve())
                .matches(e -> e.field().orElseThrow().equals("model"));
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of("evaluation.dataset", name).resolve())
                .matches(e -> e.field().orElseThrow().equals("evaluation.dataset"));
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(
                        () -> JobFields.of("synthesis.parameterization", name).resolve())
                .matches(e -> e.field().orElseThrow().equals("synthesis.parameterization"));
    }

    @Test
    void shouldRequireAnIdAndANetwork() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobRequest.of("m").resolve())
                .withMessage("jobId is missing, expected a value");
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobRequest.of((String) null).withJobId(ID).resolve())
                .matches(e -> e.field().orElseThrow().equals("model"));
    }

    @Test
    void shouldNotAskForTheSpeedOfWhatIsNotTimed() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of(Map.of("evaluation.minSpeedup", 1, "evaluation.latencySeconds", 0))
                        .resolve())
                .withMessage("evaluation.latencySeconds is 0, expected more than 0 with evaluation.minSpeedup");
    }

    @ParameterizedTest
    @EnumSource
    void shouldSpellOutASpecificationThatResolvesToItself(SynthesisMethod method) {
        // Given
        JobSpec spec = JobFields.of(Map.of(
                        "synthesis.method",
                        method.wireName(),
                        "quantization.edgeBits",
                        8,
                        "quantization.equalization",
                        true))
                .resolve();

        // Then
        assertThat(JobRequest.of(spec).resolve()).isEqualTo(spec);
    }

    private static SynthesisSpec synthesis(JobRequest request) {
        return request.resolve().synthesis();
    }

    private static void assertRefused(Bound bound, Number value) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of(bound, value).resolve())
                .matches(e -> e.field().orElseThrow().equals(bound.field()))
                .matches(e -> e.expected().orElseThrow().equals(bound.expected()));
    }
}
