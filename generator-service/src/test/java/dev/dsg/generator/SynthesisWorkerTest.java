package dev.dsg.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.wire.Json;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class SynthesisWorkerTest extends ServiceTest {

    @Test
    void shouldMakeEveryBatchOfAJob() {
        // When
        var batches = run(SmallWorld.job("made"));

        // Then
        assertThat(batches).hasSize(2);
        assertThat(images(batches.get(0)).shape()).containsExactly(4, 3, 32, 32);
        assertThat(images(batches.get(1)).shape()).containsExactly(2, 3, 32, 32);

        // And the probe of the network is kept for others
        var margins = StoreLayout.MODELS + SmallWorld.MODEL + "/margins/";
        var kept = store.list(margins);
        assertThat(kept).isNotEmpty();
        run(SmallWorld.job("made-again"));
        assertThat(store.list(margins)).isEqualTo(kept);
    }

    @Test
    void shouldMakeTheSameBatchesOfTheSameSeed() {
        // When
        var one = run(SmallWorld.job("seeded-one"));
        var other = run(SmallWorld.job("seeded-other"));

        // Then
        assertThat(other)
                .extracting(ObjectRef::sha256)
                .containsExactlyElementsOf(one.stream().map(ObjectRef::sha256).toList());
    }

    @Test
    void shouldTellHowFarItIs() {
        // When
        run(SmallWorld.job("told"));

        // Then
        assertThat(said(JobEvent.class)
                        .await(said -> said.jobId().value().equals("told")
                                && said.progress() != null
                                && said.progress().task().equals("batch/00000"))
                        .progress())
                .isEqualTo(new JobEvent.Progress("batch/00000", 3, 3));
    }

    @Test
    void shouldOnlyAnnounceABatchThatIsThere() {
        // Given
        var spec = accepted("there");
        var batch = SmallWorld.put(store, StoreLayout.batch(spec.jobId(), 0), "made before".getBytes(UTF_8));

        // When
        publisher.publish(new SynthesisTask(spec.jobId(), 0));

        // Then
        assertThat(said(BatchReady.class).await(said -> said.jobId().equals(spec.jobId())))
                .isEqualTo(new BatchReady(spec.jobId(), 0, batch));
    }

    @Test
    void shouldPassOverTheTasksOfAJobThatHasEnded() {
        // Given
        var spec = accepted("ended");
        jobs.cancel(spec.jobId(), "enough");

        // When its task comes, and another job's after it
        publisher.publish(new SynthesisTask(spec.jobId(), 0));
        run(SmallWorld.job("after-ended"));

        // Then
        assertThat(store.find(StoreLayout.batch(spec.jobId(), 0))).isEmpty();
        assertThat(said(DeadLetter.class)
                        .all(said -> "ended/00000".equals(said.origin().key())))
                .isEmpty();
    }

    @Test
    void shouldStopInTheMiddleOfABatchWhenItsJobIsCalledOff() {
        // Given a batch that would take hours
        var spec = spec("endless", 100_000);
        publisher.publish(new JobSubmitted(spec));
        said(JobEvent.class).await(said -> said.jobId().equals(spec.jobId()) && said.progress() != null);

        // When
        publisher.publish(new JobCancelled(spec.jobId(), "too long"));

        // Then the worker is free for others
        Await.state(jobs, spec.jobId(), Cancelled.class);
        run(SmallWorld.job("after-endless"));
        assertThat(store.find(StoreLayout.batch(spec.jobId(), 0))).isEmpty();
    }

    @Test
    void shouldNotMixInANetworkThatWasReplaced() {
        // Given a job whose network is no longer what it was
        var spec = SmallWorld.job("replaced");
        var other = ObjectRef.of(
                StoreLayout.modelFile(SmallWorld.MODEL, "model.safetensors"), "other weights".getBytes(UTF_8));
        SmallWorld.keepCard(store, spec.jobId(), SmallWorld.card(SmallWorld.MODEL, SmallWorld.ARCHITECTURE, other));
        jobs.submit(spec);

        // When
        publisher.publish(new SynthesisTask(spec.jobId(), 0));

        // Then
        assertThat(Await.state(jobs, spec.jobId(), Failed.class).code()).isEqualTo(ErrorCode.CORRUPT_MODEL);
        letter("replaced/00000");
    }

    @Test
    void shouldServeProbesAndMetrics() {
        shouldServePages(Topics.SYNTHESIS_GROUP);
    }

    /** Runs a job to its last batch. */
    private List<ObjectRef> run(JobSpec spec) {
        publisher.publish(new JobSubmitted(spec));
        return said(BatchReady.class).await(2, said -> said.jobId().equals(spec.jobId())).stream()
                .sorted(Comparator.comparingInt(BatchReady::batchIndex))
                .map(BatchReady::batch)
                .toList();
    }

    private static JobSpec spec(String id, int iterations) {
        var json = """
            {"jobId": "%s", "model": "%s", "evaluation": {"dataset": "%s"},
             "synthesis": {"method": "zeroq", "images": 2, "batchSize": 2, "iterations": %d}}
            """.formatted(id, SmallWorld.MODEL, SmallWorld.DATASET, iterations);
        return Json.parse(json.getBytes(UTF_8), JobRequest.class).resolve();
    }

    private HostTensor images(ObjectRef batch) {
        return SyntheticBatch.fromSafetensors(store.getBytes(batch)).images();
    }
}
