package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.Presets;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.JobReport.Digests;
import dev.dsg.contracts.result.JobReport.Onnx;
import dev.dsg.contracts.result.JobReport.Seconds;
import dev.dsg.contracts.result.JobReport.TopK;
import dev.dsg.contracts.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingStudyTest {

    private static final Sha256 NETWORK = digest("network");
    private static final Widths W4A4 = new Widths(4, 4);

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private final List<TrainingJob> run = new ArrayList<>();

    @Test
    void shouldRunOnlyWhatItsFileDoesNotHold() {
        // Given
        TrainingJob first = job("ptq", 0);
        TrainingJob second = job("inversion", 0, "training.epochs=3");
        TrainingStudy study = new TrainingStudy(file(), NETWORK);
        study.run(List.of(first), this::succeed, said::add);

        // When
        int failed = study.run(List.of(first, second), this::succeed, said::add);

        // Then
        assertThat(failed).isZero();
        assertThat(run).containsExactly(first, second);
        assertThat(said)
                .containsExactly("ptq W4A4, seed 0: 88.12 % (33.5 s)", "inversion W4A4, seed 0: 88.12 % (33.5 s)");
        assertThat(study.results(List.of(second)))
                .containsExactly(new TrainingRun(
                        second.id(NETWORK),
                        "resnet20-cifar10",
                        NETWORK,
                        "cifar10",
                        10_000,
                        "inversion",
                        List.of("quantization.scheme=qat", "training.source=inversion"),
                        List.of("training.epochs=3"),
                        0,
                        4,
                        4,
                        0.8812,
                        0.9173,
                        33.5));
    }

    @Test
    void shouldRunAgainWhatWasOfAnotherNetworkOrFailed() {
        // Given
        TrainingJob job = job("ptq", 0);
        Sha256 another = digest("another");
        new TrainingStudy(file(), another)
                .run(List.of(job), one -> Optional.of(report(one, one.id(another))), said::add);
        TrainingStudy study = new TrainingStudy(file(), NETWORK);

        // When
        int failed = study.run(List.of(job, job("ptq", 1)), this::fail, said::add);

        // Then
        assertThat(failed).isEqualTo(2);
        assertThat(said).endsWith("ptq W4A4, seed 0: failed", "ptq W4A4, seed 1: failed");
        assertThat(file().read()).hasSize(1);
        assertThat(study.run(List.of(job), this::succeed, said::add)).isZero();
        assertThat(file().read()).hasSize(2);
    }

    @Test
    void shouldKnowAJobThatWasTriedAgain() {
        // Given
        TrainingJob job = job("ptq", 0);
        TrainingStudy study = new TrainingStudy(file(), NETWORK);
        study.run(List.of(job), one -> Optional.of(report(one, JobId.parse(one.id(NETWORK) + "-2"))), said::add);

        // When
        study.run(List.of(job), this::fail, said::add);

        // Then
        assertThat(run).isEmpty();
    }

    @Test
    void shouldNameAJobAfterWhatItIs() {
        TrainingJob job = job("inversion", 0);

        // The same, however it was asked for: that is what a preset says.
        String preset =
                "training.window=" + Presets.of(TrainingSource.INVERSION).window();
        assertThat(job("inversion", 0, preset).id(NETWORK)).isEqualTo(job.id(NETWORK));
        assertThat(job("mine:training.source=inversion:quantization.scheme=qat", 0)
                        .id(NETWORK))
                .isEqualTo(job.id(NETWORK));
        // Another: seed, widths, setting, network.
        assertThat(List.of(
                        job.id(NETWORK),
                        job("inversion", 1).id(NETWORK),
                        TrainingJob.of("resnet20-cifar10", variant("inversion"), List.of(), new Widths(4, 3), 0)
                                .id(NETWORK),
                        job("inversion", 0, "training.window=2").id(NETWORK),
                        job.id(digest("another"))))
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id.value()).matches("study-[0-9a-f]{16}"));
    }

    @Test
    void shouldGiveEveryVariantTheSettingsThatApplyToIt() {
        String[] settings = {"training.epochs=20", "synthesis.slackPercentile=0.5", "synthesis.iterations=7"};
        JobId id = JobId.parse("j");

        assertThat(job("ptq", 0, settings).spec(id).synthesis().iterations()).isEqualTo(7);
        assertThat(job("ptq", 0, settings).spec(id).training()).isNull();
        assertThat(job("generator", 3, settings).spec(id).training().epochs()).isEqualTo(20);
        assertThat(job("generator", 3, settings).spec(id).seed()).isEqualTo(3);
        assertThat(job("generator", 0, settings).spec(id).synthesis().slackPercentile())
                .isEqualTo(0.5);
        assertThat(job("generator-no-sda", 0, settings).spec(id).synthesis().slackPercentile())
                .as("what the variant says wins")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "seed=4, what --seeds says",
        "quantization.weightBits=2, what --bits says",
        "model=other, what --model says",
        "jobId=mine, a study names its jobs",
        "synthesis.iteration=4, one of iterations (the nearest)"
    })
    void shouldRefuseSettingsThatAreNone(String setting, String expected) {
        assertThatThrownBy(() -> job("ptq", 0, setting)).hasMessageContaining(expected);
    }

    private Optional<JobReport> succeed(TrainingJob job) {
        run.add(job);
        return Optional.of(report(job, job.id(NETWORK)));
    }

    private Optional<JobReport> fail(TrainingJob job) {
        return Optional.empty();
    }

    private StudyFile<TrainingRun> file() {
        return new StudyFile<>(folder.resolve("results.jsonl"), TrainingRun.class);
    }

    private static TrainingJob job(String variant, long seed, String... settings) {
        return TrainingJob.of("resnet20-cifar10", variant(variant), List.of(settings), W4A4, seed);
    }

    private static TrainingVariant variant(String text) {
        return TrainingVariant.parse(text);
    }

    private static JobReport report(TrainingJob job, JobId id) {
        return JobReport.of(
                job.spec(id),
                Instant.EPOCH,
                new Accuracy(
                        10_000,
                        score(0.9173, 0.997),
                        score(0.8812, 0.995),
                        0.9,
                        new Accuracy.Change(0.0361, new Accuracy.Interval(0.03, 0.04), 500, 139),
                        List.of(new Accuracy.ClassScore("all", 10_000, 9_173, 8_812))),
                new Onnx(new TopK(0.8809, 0.995), 0.9985, 305_144, 1_079_264),
                null,
                List.of(),
                new Seconds(22.5, 1, 10, 33.5),
                new Digests(NETWORK, NETWORK, List.of(digest("images")), null, digest("artefact"), digest("onnx")));
    }

    private static Sha256 digest(String text) {
        return Sha256.digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Accuracy.Score score(double top1, double top5) {
        return new Accuracy.Score(
                top1,
                top5,
                new Accuracy.Interval(top1, top1),
                new Accuracy.Interval(top5, top5),
                0.04,
                List.of(new Accuracy.Bin(10_000, top1, top1)));
    }
}
