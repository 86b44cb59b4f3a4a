package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSpecTest {

    @Test
    void shouldFillInEveryDefault() {
        assertThat(resolve(Map.of()).training())
                .isEqualTo(new TrainingSpec(
                        TrainingSource.INVERSION,
                        10,
                        50,
                        64,
                        0,
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
                        16));
    }

    @Test
    void shouldWarmAGeneratorUp() {
        TrainingSpec spec = resolve(Map.of("training.source", "generator")).training();
        assertThat(spec.warmupEpochs()).isEqualTo(4);
        assertThat(spec.epochs()).isEqualTo(14);
        assertThat(spec.steps()).isEqualTo(500);
    }

    @Test
    void shouldKnowHowManyBatchesAJobHas() {
        assertThat(resolve(Map.of()).batches()).isEqualTo(8);
        assertThat(resolve(Map.of("synthesis.images", 65)).batches()).isEqualTo(2);
        assertThat(resolve(Map.of("training.source", "generator")).batches()).isEqualTo(500);
        assertThat(JobFields.of(Map.of()).resolve().batches()).isEqualTo(1);
    }

    @Test
    void shouldMakeMoreImagesOnlyToReplayThem() {
        assertThat(resolve(Map.of()).synthesis().images()).isEqualTo(512);
        assertThat(resolve(Map.of("training.source", "generator")).synthesis().images())
                .isEqualTo(64);
    }

    @Test
    void shouldWeighCorrelationByTheImagesThatAGeneratorMakesTogether() {
        Map<String, Object> streamed = Map.of("training.source", "generator", "training.batchSize", 16);

        assertThat(resolve(streamed).synthesis().correlationInhibition()).isEqualTo(1.0 / 16);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSpellOutASpecificationThatResolvesToItself(TrainingSource source) {
        JobSpec spec = resolve(Map.of("training.source", source.wireName(), "training.milestones", List.of(2, 5)));
        assertThat(spec.training().milestones()).containsExactly(2, 5);
        assertThat(JobRequest.of(spec).resolve()).isEqualTo(spec);
    }

    @ParameterizedTest
    @ValueSource(strings = {"milestones", "generatorMilestones"})
    void shouldRefuseMilestonesThatDoNotAscend(String field) {
        String path = "training." + field;
        assertRefused(Map.of(path, List.of(5, 5)), path + " is [5, 5], expected at most 100 ascending integers in");
        assertRefused(Map.of(path, List.of(0)), path + " is [0]");
        assertRefused(Map.of(path, List.of(10_001)), path + " is [10001]");
    }

    static List<Arguments> refused() {
        return List.of(
                new Arguments(
                        Map.of("training.warmupEpochs", 2),
                        "training.warmupEpochs is 2, expected 0 with source inversion"),
                new Arguments(
                        Map.of("training.source", "generator", "training.warmupEpochs", 14),
                        "training.warmupEpochs is 14, expected less than the epochs, which are 14"),
                new Arguments(
                        Map.of("training.distillation", 0, "training.crossEntropy", 0),
                        "training.distillation is 0.0, expected more than 0 where crossEntropy is 0"),
                new Arguments(
                        Map.of("training.source", "generator", "training.iterationsPerEpoch", 10_001),
                        "training.iterationsPerEpoch is 10001, expected at most 100000 steps in all"),
                new Arguments(
                        Map.of("quantization.weightRange", "least-error", "training.weightSteps", "recomputed"),
                        "quantization.weightRange is \"least-error\", expected whole with training.weightSteps"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWhatCannotBe(Arguments job) {
        assertRefused(job.said(), job.message());
    }

    @Test
    void shouldLearnStepsThatBeganWithTheLeastError() {
        assertThat(resolve(Map.of("quantization.weightRange", "least-error"))).isNotNull();
    }

    @Test
    void shouldRefuseToTrainWhatIsOnlyCalibrated() {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> JobFields.of("training.epochs", 3).resolve())
                .withMessage("quantization.scheme is \"ptq\", expected qat, for there is a part training");
    }

    private record Arguments(Map<String, Object> said, String message) {}

    private static void assertRefused(Map<String, Object> said, String message) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> resolve(said))
                .withMessageStartingWith(message);
    }

    private static JobSpec resolve(Map<String, Object> said) {
        Map<String, Object> all = new HashMap<>(said);
        all.put("quantization.scheme", "qat");
        return JobFields.of(all).resolve();
    }
}
