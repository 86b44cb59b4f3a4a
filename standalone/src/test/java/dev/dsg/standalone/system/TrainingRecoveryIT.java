package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.result.JobReport.Digests;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.checkpoint.Checkpoints;
import dev.dsg.standalone.process.Liveness;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trainings that go on where another process left off. */
@ExtendWith(TestSystem.Resolver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrainingRecoveryIT {

    private static final int STEPS = 60;

    private final TestSystem world;
    private Digests undisturbed;

    TrainingRecoveryIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldMakeTheSameWhenTheQuantizerIsKilledAtThreeRandomMoments() {
        // Given
        var expected = undisturbed();
        var job = job("trained-killed");
        var moments = new Random().ints(3, 1, STEPS - 10).sorted().toArray();

        // When
        world.jobs().submit(job);
        for (int moment : moments) {
            awaitCheckpoint(job.jobId(), moment);
            world.kill("quantizer");
            assertThat(world.system().revive()).containsExactly("quantizer");
        }

        // Then
        assertThat(world.completed(job.jobId()))
                .as("killed after the checkpoints that followed steps %s", moments)
                .isEqualTo(expected);
        assertThatNothingIsLeft(job.jobId());
    }

    @Test
    void shouldHandTheTrainingOverWithinTenSeconds() {
        // Given a training in its middle
        var expected = undisturbed();
        var job = job("trained-handed-over");
        world.jobs().submit(job);
        awaitCheckpoint(job.jobId(), 10);
        var process = world.record().member("quantizer").process().find().orElseThrow();

        // When its process is told to stop
        var begin = System.nanoTime();
        process.destroy();
        await().atMost(TestSystem.PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> !Liveness.runs(process));
        var took = Duration.ofNanos(System.nanoTime() - begin);

        // Then it is gone soon, and another goes on
        assertThat(took).isLessThan(Duration.ofSeconds(10));
        assertThat(world.jobs().requireStatus(job.jobId()).state().stage()).isEqualTo(Stage.QUANTIZING);
        assertThat(world.system().revive()).containsExactly("quantizer");
        assertThat(world.completed(job.jobId())).isEqualTo(expected);
        assertThatNothingIsLeft(job.jobId());
    }

    /** A stream of many small batches, so that there is time to disturb it. */
    private JobSpec job(String id) {
        return world.job(Map.ofEntries(
                Map.entry("jobId", id),
                Map.entry("quantization.scheme", "qat"),
                Map.entry("training.source", "generator"),
                Map.entry("training.epochs", 4),
                Map.entry("training.warmupEpochs", 1),
                Map.entry("training.iterationsPerEpoch", STEPS / 3),
                Map.entry("training.batchSize", 16),
                Map.entry("training.latent", 16),
                Map.entry("training.window", 3),
                Map.entry("training.checkpointSteps", 5),
                Map.entry("training.lead", 4)));
    }

    private Digests undisturbed() {
        if (undisturbed == null) {
            var job = job("trained-undisturbed");
            world.jobs().submit(job);
            undisturbed = world.completed(job.jobId());
        }
        return undisturbed;
    }

    private void awaitCheckpoint(JobId job, int step) {
        await().atMost(TestSystem.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Checkpoints.position(world.connection().store(), job, "student")
                                .orElse(0)
                        >= step);
    }

    private void assertThatNothingIsLeft(JobId job) {
        assertThat(world.connection().store().list(StoreLayout.batches(job))).isEmpty();
        assertThat(world.connection().store().list(StoreLayout.JOBS + job + "/checkpoints/"))
                .isEmpty();
    }
}
