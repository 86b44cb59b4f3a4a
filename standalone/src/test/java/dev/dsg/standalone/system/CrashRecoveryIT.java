package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.standalone.job.JobEvents;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** At least once done, exactly once seen: whoever is killed, and however many share the work. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class CrashRecoveryIT {

    private final TestSystem world;

    CrashRecoveryIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldCompleteAsIfNothingHadHappenedWhenEachServiceIsKilledInItsWork() {
        // Given
        var expected = world.undisturbed();
        var job = world.job("disturbed");
        try (var events = new JobEvents(world.system().access().kafka(), job.jobId(), Instant.now())) {
            world.jobs().submit(job);

            // When each service is killed in the middle of its work and started again
            killInTheMiddle("generator", Stage.SYNTHESIZING, events, job.jobId());
            killInTheMiddle("quantizer", Stage.QUANTIZING, events, job.jobId());
            killInTheMiddle("evaluator", Stage.EVALUATING, events, job.jobId());
        }

        // Then the results are those of the job that nobody disturbed
        assertThat(world.completed(job.jobId())).isEqualTo(expected);
        assertThatItHappenedOnce(job.jobId());
    }

    @Test
    void shouldMakeTheSameBytesWithTwoGenerators() throws Exception {
        // Given the same system with two generators
        var expected = world.undisturbed();
        world.restart(2);
        var job = world.job("shared");

        // When
        world.jobs().submit(job);

        // Then
        assertThat(world.completed(job.jobId())).isEqualTo(expected);
        assertThatItHappenedOnce(job.jobId());
        for (var generator : List.of("generator-1", "generator-2")) {
            assertThat(Files.readString(world.home().logs().resolve(generator + ".log")))
                    .as("the log of " + generator)
                    .contains("batch ready");
        }
        world.restart(1);
    }

    /** Kills a service when it has told of some of its work but not of all, and starts it again. */
    private void killInTheMiddle(String name, Stage stage, JobEvents events, JobId job) {
        await().atMost(TestSystem.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> events.poll(Duration.ofMillis(100)).stream().anyMatch(event -> tellsOf(event, stage)));
        world.kill(name);
        assertThat(world.jobs().requireStatus(job).state().stage())
                .as("the work of the " + name + " was not done yet")
                .isEqualTo(stage);
        assertThat(world.system().revive()).containsExactly(name);
    }

    private static boolean tellsOf(JobEvent event, Stage stage) {
        var progress = event.progress();
        return event.state().stage() == stage
                && progress != null
                && !progress.task().equals("probe")
                && progress.done() < progress.total();
    }

    /** However often work was repeated: one object each, one line of states, one end, one report, nothing given up. */
    private void assertThatItHappenedOnce(JobId job) {
        var folder = StoreLayout.JOBS + job + "/";
        assertThat(world.connection().store().list(folder))
                .extracting(key -> key.toString().substring(folder.length()))
                .containsExactlyInAnyOrder(
                        "spec.json",
                        "state.json",
                        "model.json",
                        "batches/00000.safetensors",
                        "batches/00001.safetensors",
                        "batches/00002.safetensors",
                        "artifact/quantized.safetensors",
                        "artifact/quantized.onnx",
                        "artifact/card.md",
                        "artifact/manifest.json",
                        "analysis/layers.json",
                        "analysis/layers.png",
                        "analysis/samples.png",
                        "analysis/statistics.png",
                        "analysis/diversity.png",
                        "report.json",
                        "report.md");
        assertThat(world.jobs().requireStatus(job).history())
                .extracting(JobStatus.Entry::stage)
                .containsExactly(
                        Stage.SUBMITTED, Stage.SYNTHESIZING, Stage.QUANTIZING, Stage.EVALUATING, Stage.COMPLETED);
        assertThat(world.told(Topics.JOB_EVENTS, JobEvent.class).stream()
                        .filter(event -> event.jobId().equals(job) && event.state() instanceof JobState.Terminal)
                        .map(JobEvent::eventId)
                        .distinct())
                .as("ends of the job")
                .hasSize(1);
        // The last message of all, so it may be a moment behind the state.
        await().atMost(TestSystem.PATIENCE)
                .untilAsserted(() -> assertThat(world.told(Topics.REPORTS, ReportReady.class).stream()
                                .filter(report -> report.jobId().equals(job))
                                .distinct())
                        .hasSize(1));
        assertThat(world.told(Topics.DEAD_LETTERS, DeadLetter.class))
                .noneMatch(letter -> job.value().equals(letter.origin().key()));
    }
}
