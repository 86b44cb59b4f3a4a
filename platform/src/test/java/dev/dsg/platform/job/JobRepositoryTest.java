package dev.dsg.platform.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real store; only the broker is pretended. */
final class JobRepositoryTest {

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static S3ObjectStore store;

    private final Queue<JobEvent> events = new ConcurrentLinkedQueue<>();
    private final JobRepository jobs = new JobRepository(
            store,
            new EventPublisher(this::send, "/dsg/test", InstantSource.system(), Duration.ofSeconds(1)),
            InstantSource.system(),
            new Random());

    @BeforeAll
    static void start() {
        server = S3Server.start(directory, 0, "access", "secret", "dsg");
        store = new S3ObjectStore(StoreConfig.of(URI.create(server.endpoint()), "access", "secret"), new Random());
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void shouldTakeTheSameJobAgain() {
        // Given
        var first = jobs.submit(spec("same", 4));
        jobs.update(first.jobId(), active -> new JobState.Synthesizing(0, 2));

        // When
        var again = jobs.submit(spec("same", 4));

        // Then it is where it was, and that is announced again
        assertThat(again.state()).isEqualTo(new JobState.Synthesizing(0, 2));
        assertThat(jobs.spec(again.jobId())).isEqualTo(spec("same", 4));
        assertThat(events)
                .extracting(JobEvent::eventId)
                .containsExactly("same/state/1", "same/state/2", "same/state/2");
    }

    @Test
    void shouldRefuseTheIdOfAnotherJob() {
        // Given
        jobs.submit(spec("taken", 4));

        // When / Then the job that has the id is not touched
        assertThatThrownBy(() -> jobs.submit(spec("taken", 8))).isInstanceOfSatisfying(DsgException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.DUPLICATE_JOB);
            jobs.fail(JobId.parse("taken"), refusal);
        });
        assertThat(jobs.find(JobId.parse("taken")).orElseThrow().state()).isEqualTo(new JobState.Submitted());
        assertThat(jobs.spec(JobId.parse("taken"))).isEqualTo(spec("taken", 4));
    }

    @Test
    void shouldHealACrashBetweenSpecAndState() {
        // Given a job whose planner died after the first put
        var spec = spec("crashed", 4);
        jobs.submit(spec);
        store.delete(StoreLayout.state(spec.jobId()));

        // When
        var status = jobs.submit(spec);

        // Then
        assertThat(status.state()).isEqualTo(new JobState.Submitted());
    }

    @Test
    void shouldLeaveAnEndedJobAlone() {
        // Given
        var job = jobs.submit(spec("ended", 4)).jobId();
        jobs.cancel(job, "enough");
        var ended = jobs.find(job).orElseThrow();

        // When
        jobs.fail(job, DsgException.invalid("x", 1, "2"));
        jobs.update(job, _ -> new JobState.Evaluating());

        // Then
        assertThat(jobs.find(job)).contains(ended);
        assertThat(ended.state()).isEqualTo(new JobState.Cancelled("enough"));
        assertThatThrownBy(() -> jobs.requireActive(job))
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CANCELLED));
    }

    @Test
    void shouldPutOnRecordAJobThatWasNeverAccepted() {
        // When
        jobs.fail(JobId.parse("refused"), DsgException.invalid("quantization.weightBits", 9, "an integer in 2..8"));

        // Then
        assertThat(jobs.find(JobId.parse("refused")).orElseThrow().state())
                .isEqualTo(new JobState.Failed(
                        ErrorCode.INVALID_FIELD,
                        "quantization.weightBits",
                        "quantization.weightBits is 9, expected an integer in 2..8"));
        assertThat(jobs.jobs()).contains(JobId.parse("refused"));
    }

    @Test
    void shouldSayThatAJobIsUnknown() {
        var job = JobId.parse("unknown");
        assertThat(jobs.find(job)).isEmpty();
        for (var call :
                List.<Runnable>of(() -> jobs.spec(job), () -> jobs.cancel(job, "x"), () -> jobs.requireActive(job))) {
            assertThatThrownBy(call::run).isInstanceOfSatisfying(DsgException.class, e -> assertThat(e.code())
                    .isEqualTo(ErrorCode.UNKNOWN_JOB));
        }
    }

    @Test
    void shouldLoseNoProgressWhenManyReportAtOnce() throws Exception {
        // Given a job of eight batches
        var job = jobs.submit(spec("progress", 4)).jobId();
        jobs.update(job, _ -> new JobState.Synthesizing(0, 8));

        // When each batch counts itself
        all(8, _ -> () -> jobs.update(job, JobRepositoryTest::oneMore));

        // Then
        var status = jobs.find(job).orElseThrow();
        assertThat(status.state()).isEqualTo(new JobState.Synthesizing(8, 8));
        assertThat(status.version()).isEqualTo(10);
        assertThat(events).extracting(JobEvent::stateVersion).contains(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @RepeatedTest(10)
    void shouldHaveExactlyOneTerminalState(RepetitionInfo repetition) throws Exception {
        // Given a job that is evaluated
        var job =
                jobs.submit(spec("race" + repetition.getCurrentRepetition(), 4)).jobId();
        jobs.update(job, _ -> new JobState.Evaluating());

        // When it is completed, cancelled and failed at once, in many ways
        var seen = all(9, i -> () -> switch (i % 3) {
            case 0 -> jobs.update(job, active -> new JobState.Completed());
            case 1 -> jobs.cancel(job, "reason " + i);
            default -> jobs.update(job, active -> active.fail(ErrorCode.INTERNAL, null, "failure " + i));
        });

        // Then all were told the same end, and it is the only one that was announced
        assertThat(seen)
                .extracting(JobStatus::state)
                .containsOnly(seen.getFirst().state());
        assertThat(seen.getFirst().state()).isInstanceOf(JobState.Terminal.class);
        assertThat(events.stream()
                        .map(JobEvent::state)
                        .filter(JobState.Terminal.class::isInstance)
                        .distinct())
                .containsExactly(seen.getFirst().state());
        assertThat(jobs.find(job).orElseThrow()).isEqualTo(seen.getFirst());
    }

    private static JobState oneMore(JobState.Active active) {
        return switch (active) {
            case JobState.Synthesizing synthesizing -> synthesizing.progressedTo(synthesizing.done() + 1);
            case JobState.Submitted _, JobState.Quantizing _, JobState.Evaluating _ -> active;
        };
    }

    private static List<JobStatus> all(int count, Function<Integer, Callable<JobStatus>> action) throws Exception {
        var calls = new ArrayList<Callable<JobStatus>>();
        for (int i = 0; i < count; i++) {
            calls.add(action.apply(i));
        }
        try (var executor = Executors.newFixedThreadPool(count)) {
            var results = new ArrayList<JobStatus>();
            for (var future : executor.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> outgoing) {
        events.add(Json.parse(outgoing.value(), JobEvent.class));
        return CompletableFuture.completedFuture(null);
    }

    private static JobSpec spec(String job, int bits) {
        var json = """
            {"jobId": "%s", "model": "resnet20-cifar10", "quantization": {"weightBits": %d}}
            """.formatted(job, bits);
        return Json.parse(json.getBytes(UTF_8), JobRequest.class).resolve();
    }
}
