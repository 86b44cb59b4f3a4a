package dev.dsg.platform.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** On a real store; the broker and the clock are pretended. */
final class ProgressReporterTest {

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static S3ObjectStore store;

    private final List<JobEvent.Progress> told = new ArrayList<>();
    private final AtomicBoolean brokerAway = new AtomicBoolean();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private Instant now = Instant.EPOCH;
    private final InstantSource clock = () -> now;
    private final JobRepository jobs = new JobRepository(
            store, new EventPublisher(this::send, "/dsg/test", clock, Duration.ofSeconds(1)), clock, new Random());
    private JobStatus status;
    private ProgressReporter reporter;

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

    @BeforeEach
    void submit(TestInfo test) {
        var job = JobId.parse(test.getTestMethod().orElseThrow().getName());
        status = jobs.submit(JobRequest.of("m").withJobId(job).resolve());
        reporter = new ProgressReporter(jobs, status, "batch/00000", cancelled::get, clock);
    }

    @Test
    void shouldTellAtMostTwiceASecondAndTheEnd() {
        // When a hundred steps take 20 ms each
        for (int done = 1; done <= 100; done++) {
            now = now.plusMillis(20);
            reporter.report(done, 100);
        }

        // Then
        assertThat(told).hasSizeBetween(4, 5).last().isEqualTo(new JobEvent.Progress("batch/00000", 100, 100));
    }

    @Test
    void shouldStopTheWorkOfAJobThatHasEnded() {
        // Given
        reporter.report(1, 100);
        jobs.cancel(status.jobId(), "enough");

        // When
        now = now.plusSeconds(3);

        // Then
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> reporter.report(2, 100))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CANCELLED));
    }

    @Test
    void shouldStopTheWorkOfAWorkerThatHasToLetGo() {
        // When
        cancelled.set(true);

        // Then
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> reporter.report(1, 100));
    }

    @Test
    void shouldGoOnWhileTheBrokerIsAway() {
        // Given
        brokerAway.set(true);

        // When
        now = now.plusSeconds(1);

        // Then
        assertThatCode(() -> reporter.report(1, 100)).doesNotThrowAnyException();
    }

    private CompletionStage<Void> send(ProducerRecord<String, byte[]> outgoing) {
        if (brokerAway.get()) {
            return CompletableFuture.failedStage(new IllegalStateException("away"));
        }
        if (outgoing.topic().equals("dsg.job-events")) {
            var event = Json.parse(outgoing.value(), JobEvent.class);
            if (event.progress() != null) {
                told.add(event.progress());
            }
        }
        return CompletableFuture.completedStage(null);
    }
}
