package dev.dsg.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.synthesis.SyntheticBatch;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of twelve batches after three steps of warm-up, for a student that the test pretends. */
@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class StreamWorkerTest extends ServiceTest {

    private static final int STEPS = 12;
    private static final int WINDOW = 2;
    /** Window, checkpointSteps and lead. */
    private static final int ROOM = 7;

    private final MeterRegistry meters =
            CDI.current().select(MeterRegistry.class).get();

    @Test
    void shouldRunNoFurtherAheadThanThereIsRoom() throws Exception {
        // When nobody trains
        var spec = job("ahead");
        publisher.publish(new JobSubmitted(spec));

        // Then the stream waits
        assertThat(Await.state(jobs, spec.jobId(), Synthesizing.class).total()).isEqualTo(STEPS);
        Await.until(() -> stored(spec).size() == ROOM);
        Thread.sleep(Duration.ofSeconds(2));
        assertThat(stored(spec)).hasSize(ROOM);
        assertThat(said(SynthesisTask.class).all(said -> said.jobId().equals(spec.jobId())))
                .hasSize(1);

        // When a student begins, slowly, then there are never more
        var most = new Student(spec).train(Duration.ofMillis(700));
        assertThat(most).isLessThanOrEqualTo(ROOM);
        assertThat(meters.get("dsg.stream.waiting").timer().count()).isPositive();
        assertThat(meters.get("dsg.stream.lead").gauge().value()).isBetween(1.0, (double) ROOM);

        // And each batch was announced, with images and their classes
        var batches = said(BatchReady.class).await(STEPS, said -> said.jobId().equals(spec.jobId()));
        assertThat(batches)
                .extracting(BatchReady::batchIndex)
                .containsExactlyElementsOf(IntStream.range(0, STEPS).boxed().toList());
        var last =
                SyntheticBatch.fromSafetensors(store.getBytes(batches.getLast().batch()));
        assertThat(last.images().shape()).containsExactly(4, 3, 32, 32);
        assertThat(last.labels()).hasSize(4);
    }

    @Test
    void shouldTellHowItLearns() throws Exception {
        // When
        var spec = job("told-stream");
        publisher.publish(new JobSubmitted(spec));
        new Student(spec).train(Duration.ZERO);

        // Then
        var last = said(JobEvent.class)
                .await(said -> said.jobId().equals(spec.jobId())
                        && said.progress() != null
                        && said.progress().task().equals("generator")
                        && said.progress().done() == STEPS + 3)
                .progress();
        assertThat(last.measures()).containsKeys("loss", "agreement", "label", "statistics");
        Await.until(() ->
                store.list(StoreLayout.checkpoints(spec.jobId(), "generator")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 13})
    void shouldHandOverWhereverItsWorkerLeaves(int step) throws Exception {
        // Given a worker that is told to leave
        var spec = accepted(job("left-" + step));
        var task = new SynthesisTask(spec.jobId(), 0);
        var student = new Student(spec);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var training = executor.submit(() -> student.train(Duration.ZERO));

            // When
            worker().handle(new Task<>(task, task.eventId(), 1, counting(step), () -> false));

            // Then whoever goes on makes what would have been made
            training.get();
        }
        assertThat(said(SynthesisTask.class).all(said -> said.jobId().equals(spec.jobId())))
                .hasSize(1);
        assertThat(made(spec)).isEqualTo(undisturbed());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 12})
    void shouldMakeTheSameWhenAWorkerWasKilled(int step) throws Exception {
        // Given one that was broken off between two steps, and a student that used what it had made
        var spec = accepted(job("killed-" + step));
        var task = new SynthesisTask(spec.jobId(), 0);
        var student = new Student(spec);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var training = executor.submit(() -> student.train(Duration.ZERO));
            var dead = new Task<>(task, task.eventId(), 1, () -> false, counting(step));
            assertThatExceptionOfType(DsgException.class).isThrownBy(() -> worker().handle(dead));

            // When its task comes again
            publisher.publish(task);

            // Then
            training.get();
        }
        assertThat(made(spec)).isEqualTo(undisturbed());
    }

    @Test
    void shouldMakeOneStreamOfTwoWorkersAtOnce() throws Exception {
        // Given
        var spec = accepted(job("twice"));
        var task = new SynthesisTask(spec.jobId(), 0);
        Callable<Void> work = () -> {
            worker().handle(Task.of(task));
            return null;
        };

        // When
        try (var executor = Executors.newFixedThreadPool(3)) {
            var training = executor.submit(() -> new Student(spec).train(Duration.ZERO));
            for (var done : executor.invokeAll(List.of(work, work))) {
                done.get();
            }
            training.get();
        }

        // Then
        assertThat(made(spec)).isEqualTo(undisturbed());
    }

    @Test
    void shouldHaveNothingToDoForAStudentThatIsDone() throws Exception {
        // Given a student that came to its end
        var spec = accepted(job("done"));
        student(spec).commit(STEPS, new byte[1], null);

        // When
        worker().handle(Task.of(new SynthesisTask(spec.jobId(), 0)));

        // Then
        assertThat(stored(spec)).isEmpty();
    }

    @Test
    void shouldStopWaitingWhenItsJobIsCalledOff() {
        // Given a stream that waits
        var spec = job("called-off-stream");
        publisher.publish(new JobSubmitted(spec));
        Await.until(() -> stored(spec).size() == ROOM);

        // When
        jobs.cancel(spec.jobId(), "enough");

        // Then the worker is free for others
        var next = SmallWorld.job("after-called-off-stream");
        publisher.publish(new JobSubmitted(next));
        said(BatchReady.class).await(2, said -> said.jobId().equals(next.jobId()));
        assertThat(said(DeadLetter.class).all(said -> "called-off-stream/00000"
                        .equals(said.origin().key())))
                .isEmpty();
    }

    @Test
    void shouldRefuseACheckpointOfOtherWork() {
        // Given one of another network
        var spec = accepted(job("foreign-stream"));
        var other = new Fingerprint(
                Sha256.digest(new byte[1]), Sha256.digest(Json.bytes(spec)), spec.seed(), "generator-service 0");
        new Checkpoints(store, spec.jobId(), "generator", other, meters).commit(3, new byte[1], null);

        // When
        publisher.publish(new SynthesisTask(spec.jobId(), 0));

        // Then
        var failed = Await.state(jobs, spec.jobId(), Failed.class);
        assertThat(failed.code()).isEqualTo(ErrorCode.FOREIGN_CHECKPOINT);
        assertThat(failed.message()).startsWith("checkpoint generator is of other work: model is " + other.model());
    }

    /** Takes the batches as a student does: by a window, a checkpoint after every third, and deleted when consumed. */
    private final class Student {
        private final JobSpec spec;
        private final Checkpoints checkpoints;

        Student(JobSpec spec) {
            this.spec = spec;
            this.checkpoints = student(spec);
        }

        /** Trains to the end, and tells the largest number of batches that lay in the store. */
        int train(Duration pause) throws InterruptedException {
            int most = 0;
            for (int position = 3; position <= STEPS; position += 3) {
                for (int index = position - 3; index < position; index++) {
                    var batch = StoreLayout.batch(spec.jobId(), index);
                    Await.until(() -> store.find(batch).isPresent());
                    Thread.sleep(pause);
                    most = Math.max(most, stored(spec).size());
                }
                checkpoints.commit(position, ("at " + position).getBytes(), null);
                for (int consumed = 1; consumed <= position - WINDOW; consumed++) {
                    store.delete(StoreLayout.batch(spec.jobId(), consumed));
                }
            }
            return most;
        }
    }

    private Checkpoints student(JobSpec spec) {
        var fingerprint =
                new Fingerprint(Sha256.digest(new byte[0]), Sha256.digest(new byte[0]), spec.seed(), "a test");
        return new Checkpoints(store, spec.jobId(), "student", fingerprint, meters);
    }

    private static JobSpec job(String id) {
        return SmallWorld.trainingJob(id, "generator", "");
    }

    private static SynthesisWorker worker() {
        return CDI.current().select(SynthesisWorker.class).get();
    }

    /** Says yes from a certain time of asking on. */
    private static BooleanSupplier counting(int no) {
        var asked = new AtomicInteger();
        return () -> asked.incrementAndGet() > no;
    }

    private List<ObjectKey> stored(JobSpec spec) {
        return store.list(StoreLayout.batches(spec.jobId()));
    }

    /** The digest of each batch of a job, of which there is one however often it was announced. */
    private Map<Integer, Sha256> made(JobSpec spec) {
        var made = new TreeMap<Integer, Sha256>();
        Await.until(() -> {
            said(BatchReady.class)
                    .all(said -> said.jobId().equals(spec.jobId()))
                    .forEach(said -> {
                        var before = made.put(said.batchIndex(), said.batch().sha256());
                        assertThat(before).isIn(null, said.batch().sha256());
                    });
            return made.size() == STEPS;
        });
        return made;
    }

    private Map<Integer, Sha256> undisturbed() throws InterruptedException {
        var spec = job("undisturbed-stream");
        if (jobs.find(spec.jobId()).isEmpty()) {
            publisher.publish(new JobSubmitted(spec));
            new Student(spec).train(Duration.ZERO);
        }
        return made(spec);
    }
}
