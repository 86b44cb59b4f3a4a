package dev.dsg.quantizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.checkpoint.Checkpoints;
import dev.dsg.platform.checkpoint.Fingerprint;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.wire.Json;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.CDI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings as the service runs them, and as it finds them when somebody else left off. */
@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class TrainingTest extends ServiceTest {

    private static final int STEPS = 12;

    @Test
    void shouldBeginWithTheFirstBatchAndFollowTheOthers() {
        // Given
        var spec = planned("followed", "inversion");

        // When the first of two batches is there
        announce(spec, 0);

        // Then the network learns already
        Await.state(jobs, spec.jobId(), Quantizing.class);
        assertThat(said(JobEvent.class)
                        .await(said -> said.jobId().equals(spec.jobId())
                                && said.progress() != null
                                && said.progress().task().equals("training"))
                        .progress()
                        .done())
                .isLessThan(STEPS);
        assertThat(store.find(StoreLayout.manifest(spec.jobId()))).isEmpty();

        // When the other is, too
        announce(spec, 1);

        // Then
        Await.state(jobs, spec.jobId(), Evaluating.class);
        var manifest = manifest(spec);
        assertThat(manifest.training()).isEqualTo(spec.training());
        assertThat(manifest.batches()).hasSize(2);
        assertThat(manifest.stream()).isNull();
        assertThat(new String(store.getBytes(manifest.card()), UTF_8))
                .contains("trained on them, 12 steps of 4 images");
    }

    @Test
    void shouldTellHowItLearns() {
        // When
        var spec = planned("told-training", "inversion");
        finish(spec);

        // Then
        var last = said(JobEvent.class)
                .await(said -> said.jobId().equals(spec.jobId())
                        && said.progress() != null
                        && said.progress().task().equals("training")
                        && said.progress().done() == STEPS)
                .progress();
        assertThat(last.total()).isEqualTo(STEPS);
        assertThat(last.measures().get("loss")).isPositive();
        assertThat(last.measures().get("agreement")).isBetween(0.0, 1.0);
        assertThat(last.measures().get("imagesPerSecond")).isPositive();

        // And counts it
        var meters = CDI.current().select(MeterRegistry.class).get();
        assertThat(meters.get("dsg.training.steps").counter().count()).isGreaterThanOrEqualTo(STEPS);
        assertThat(meters.get("dsg.training.window").gauge().value()).isEqualTo(2);
        assertThat(meters.get("dsg.training.loss").gauge().value()).isPositive();
        assertThat(meters.get("dsg.checkpoints").tag("work", "student").timer().count())
                .isGreaterThanOrEqualTo(STEPS / 3);
    }

    @Test
    void shouldConsumeAStream() {
        // Given
        var spec = planned("streamed", "generator");

        // When
        var manifest = finish(spec);

        // Then the artefact is of the batches in their order, and they are gone, as is what only the training needed
        var stream = BatchStream.EMPTY;
        for (int i = 0; i < STEPS; i++) {
            stream = stream.then(Sha256.digest(SmallWorld.batch(spec, i).toSafetensors()));
        }
        assertThat(manifest.stream()).isEqualTo(stream);
        assertThat(manifest.batches()).isEmpty();
        assertThat(store.list(StoreLayout.batches(spec.jobId()))).isEmpty();
        assertThat(store.list(StoreLayout.JOBS + spec.jobId() + "/checkpoints/"))
                .isEmpty();
    }

    @Test
    void shouldDeleteWhatNobodyNeedsWhileItWaitsForMore() {
        // Given a stream that is interrupted after seven batches
        var spec = planned("starved", "generator");
        IntStream.range(0, 7).forEach(i -> SmallWorld.putBatch(store, spec, i));

        // When
        announce(spec, 0);

        // Then there is a checkpoint after six steps, and left are what it needs and the first
        Await.until(() -> Checkpoints.position(store, spec.jobId(), "student").equals(java.util.Optional.of(6)));
        Await.until(() -> store.list(StoreLayout.batches(spec.jobId()))
                .equals(IntStream.of(0, 5, 6)
                        .mapToObj(i -> StoreLayout.batch(spec.jobId(), i))
                        .toList()));

        // And what somebody who was given up puts again is deleted again
        SmallWorld.putBatch(store, spec, 3);
        Await.until(() -> store.find(StoreLayout.batch(spec.jobId(), 3)).isEmpty());

        // When the job is called off, the wait ends
        jobs.cancel(spec.jobId(), "enough");
        finish(planned("after-starved", "generator"));
        assertThat(store.find(StoreLayout.manifest(spec.jobId()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9})
    void shouldHandOverWhereverItsWorkerLeaves(int step) throws Exception {
        for (var source : List.of("inversion", "generator")) {
            // Given a worker that is told to leave
            var spec = quietly("left-%s-%d".formatted(source, step), source);
            var told = new AtomicInteger();
            var leaving = counting(told, step);

            // When
            var task = new QuantizationTask(spec.jobId());
            worker().handle(new Task<>(task, task.eventId(), 1, leaving, () -> false));

            // Then it left a checkpoint and its task, and whoever goes on makes what would have been made
            assertThat(told.get()).isGreaterThan(step);
            var manifest = said(EvaluationTask.class)
                    .await(said -> said.jobId().equals(spec.jobId()))
                    .manifest();
            assertThat(Json.parse(store.getBytes(manifest), Manifest.class)
                            .artifact()
                            .sha256())
                    .isEqualTo(undisturbed(source));
            assertThat(said(QuantizationTask.class).all(said -> said.jobId().equals(spec.jobId())))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void shouldMakeTheSameWhenAWorkerWasKilled(int step) {
        for (var source : List.of("inversion", "generator")) {
            // Given one that was broken off between two steps, and left nothing but its last checkpoint
            var spec = quietly("killed-%s-%d".formatted(source, step), source);
            var task = new QuantizationTask(spec.jobId());
            var dead = new Task<>(task, task.eventId(), 1, () -> false, counting(new AtomicInteger(), step));
            assertThatExceptionOfType(DsgException.class).isThrownBy(() -> worker().handle(dead));
            assertThat(Checkpoints.position(store, spec.jobId(), "student").orElse(0))
                    .isLessThan(STEPS);

            // When its task comes again
            publisher.publish(task);

            // Then
            assertThat(manifest(spec).artifact().sha256()).isEqualTo(undisturbed(source));
        }
    }

    @Test
    void shouldHaveOneResultOfTwoWorkersAtOnce() throws Exception {
        for (var source : List.of("inversion", "generator")) {
            // Given
            var spec = quietly("twice-" + source, source);

            // When
            var task = new QuantizationTask(spec.jobId());
            Callable<Void> work = () -> {
                worker().handle(Task.of(task));
                return null;
            };
            try (var executor = Executors.newFixedThreadPool(2)) {
                for (var done : executor.invokeAll(List.of(work, work))) {
                    done.get();
                }
            }

            // Then
            assertThat(manifest(spec).artifact().sha256()).isEqualTo(undisturbed(source));
            assertThat(jobs.find(spec.jobId()).orElseThrow().state()).isInstanceOf(Evaluating.class);
            assertThat(said(DeadLetter.class)
                            .all(said ->
                                    spec.jobId().value().equals(said.origin().key())))
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseACheckpointOfOtherWork() {
        // Given one by another version of the program
        var spec = quietly("foreign", "inversion");
        var other = new Fingerprint(
                Sha256.digest(SmallWorld.weights()), Sha256.digest(Json.bytes(spec)), spec.seed(), "trainer 0");
        new Checkpoints(
                        store,
                        spec.jobId(),
                        "student",
                        other,
                        CDI.current().select(MeterRegistry.class).get())
                .commit(3, new byte[1], BatchStream.EMPTY);

        // When
        publisher.publish(new QuantizationTask(spec.jobId()));

        // Then
        var failed = Await.state(jobs, spec.jobId(), Failed.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.FOREIGN_CHECKPOINT);
        assertThat(failed.message())
                .matches("checkpoint student is of other work: code is trainer 0, expected quantizer-service 0.*");
    }

    /** Says yes from a certain time of asking on. */
    private static BooleanSupplier counting(AtomicInteger asked, int no) {
        return () -> asked.incrementAndGet() > no;
    }

    private static QuantizationWorker worker() {
        return CDI.current().select(QuantizationWorker.class).get();
    }

    private JobSpec planned(String id, String source) {
        var spec = accepted(SmallWorld.trainingJob(id, source, ""));
        jobs.update(spec.jobId(), state -> state instanceof Submitted s ? s.synthesizing(spec.batches()) : state);
        return spec;
    }

    /** All batches of a job that the service was not told of, and need not look after by itself. */
    private JobSpec quietly(String id, String source) {
        var spec = planned(id, source);
        CDI.current().select(BatchCollector.class).get().toQuantizing(spec);
        putBatches(spec);
        return spec;
    }

    private void putBatches(JobSpec spec) {
        IntStream.range(0, spec.batches()).forEach(i -> SmallWorld.putBatch(store, spec, i));
    }

    private Manifest finish(JobSpec spec) {
        putBatches(spec);
        announce(spec, 0);
        return manifest(spec);
    }

    /** Waits for it. */
    private Manifest manifest(JobSpec spec) {
        var ref = said(EvaluationTask.class)
                .await(said -> said.jobId().equals(spec.jobId()))
                .manifest();
        return Json.parse(store.getBytes(ref), Manifest.class);
    }

    /** The artefact of a training from a source that nobody disturbed. */
    private Sha256 undisturbed(String source) {
        var spec = SmallWorld.trainingJob("undisturbed-" + source, source, "");
        return (jobs.find(spec.jobId()).isPresent()
                        ? manifest(spec)
                        : finish(planned(spec.jobId().value(), source)))
                .artifact()
                .sha256();
    }

    private void announce(JobSpec spec, int index) {
        publisher.publish(new BatchReady(spec.jobId(), index, SmallWorld.putBatch(store, spec, index)));
    }
}
