package dev.dsg.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** The decisions that a real broker does not bring about at will. */
final class TaskRunnerTest {

    private static final int LIMIT = 3;

    private final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RecordingHandler handler = new RecordingHandler();
    private boolean brokerAway;

    @Test
    void shouldNotRunWhatKilledItsWorkersBefore() {
        // When a record comes that was never acknowledged
        var decision = run(delivery(LIMIT + 1));

        // Then
        assertThat(decision).isEqualTo(AcknowledgeType.REJECT);
        assertThat(handler.handled).isEmpty();
        assertThat(handler.rejected).containsExactly("j1 DELIVERIES_EXHAUSTED");
        var letter = Json.parse(sent.getFirst().value(), DeadLetter.class);
        assertThat(letter.code()).isEqualTo(ErrorCode.DELIVERIES_EXHAUSTED);
        assertThat(letter.origin().deliveries()).isEqualTo(LIMIT + 1);
    }

    @Test
    void shouldRunUpToTheLimit() {
        assertThat(run(delivery(LIMIT))).isEqualTo(AcknowledgeType.ACCEPT);
        assertThat(handler.handled).hasSize(1);
    }

    @Test
    void shouldKeepTheRecordUntilItsDeadLetterIsOnTheBroker() {
        // Given
        handler.failure = DsgException.invalid("field", 1, "2");
        brokerAway = true;

        // When / Then
        assertThat(run(delivery(1))).isEqualTo(AcknowledgeType.RELEASE);
        brokerAway = false;
        assertThat(run(delivery(2))).isEqualTo(AcknowledgeType.REJECT);
        assertThat(sent).hasSize(1);
    }

    @Test
    void shouldKeepTheRecordUntilTheJobIsTold() {
        // Given a store that is away when the job is to be failed
        handler.failure = DsgException.invalid("field", 1, "2");
        handler.rejectionFailure = new DsgException(ErrorCode.STORE_UNAVAILABLE, "away");

        // When / Then it comes again, but not for ever
        assertThat(run(delivery(1))).isEqualTo(AcknowledgeType.RELEASE);
        assertThat(sent).isEmpty();
        assertThat(run(delivery(LIMIT + 2))).isEqualTo(AcknowledgeType.RELEASE);
        assertThat(run(delivery(LIMIT + 3))).isEqualTo(AcknowledgeType.REJECT);
        assertThat(sent).hasSize(1);
    }

    @Test
    void shouldReleaseAtOnceWhatWasCancelled() {
        // Given a task that fails because it was cancelled
        handler.failure = new IllegalStateException("closed under my feet");

        // When
        var begin = System.nanoTime();
        var decision = runner(new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .run(delivery(LIMIT), () -> false, () -> true);

        // Then
        assertThat(decision).isEqualTo(AcknowledgeType.RELEASE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldReleaseWhatFailsAfterAStopOrder() {
        // Given a task that fails, for good as it seems, while its worker takes leave
        handler.failure = DsgException.invalid("field", 1, "2");

        // When
        var decision = runner(new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .run(delivery(LIMIT), () -> true, () -> false);

        // Then somebody else is to find out
        assertThat(decision).isEqualTo(AcknowledgeType.RELEASE);
        assertThat(handler.rejected).isEmpty();
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldCountByOutcome() {
        run(delivery(1));
        handler.failure = DsgException.invalid("field", 1, "2");
        run(delivery(1));
        assertThat(meters.get("dsg.tasks.started").counter().count()).isEqualTo(2);
        assertThat(meters.get("dsg.tasks").tag("outcome", "succeeded").timer().count())
                .isEqualTo(1);
        assertThat(meters.get("dsg.tasks").tag("outcome", "rejected").timer().count())
                .isEqualTo(1);
        assertThat(meters.get("dsg.tasks.in.flight").gauge().value()).isZero();
    }

    private AcknowledgeType run(ConsumerRecord<String, byte[]> delivery) {
        return runner(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1))).run(delivery, () -> false, () -> false);
    }

    private TaskRunner<SynthesisTask> runner(Backoff backoff) {
        var publisher =
                new EventPublisher(this::send, "/dsg/test", InstantSource.fixed(Instant.EPOCH), Duration.ofSeconds(1));
        return new TaskRunner<>(
                Queue.SYNTHESIS,
                handler,
                new DeadLetters(publisher, InstantSource.fixed(Instant.EPOCH)),
                new TaskMetrics(meters, "test"),
                LIMIT,
                backoff,
                new Random(1));
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> outgoing) {
        if (brokerAway) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        }
        sent.add(outgoing);
        return CompletableFuture.completedFuture(null);
    }

    private static ConsumerRecord<String, byte[]> delivery(int count) {
        var said = CloudEvents.record(new SynthesisTask(JobId.parse("j1"), 0), "/dsg/test", Instant.EPOCH);
        return new ConsumerRecord<>(
                said.topic(),
                0,
                7,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                said.key(),
                said.value(),
                said.headers(),
                Optional.empty(),
                Optional.of((short) count));
    }

    private static final class RecordingHandler implements TaskHandler<SynthesisTask> {
        private final List<Task<SynthesisTask>> handled = new ArrayList<>();
        private final List<String> rejected = new ArrayList<>();
        private RuntimeException failure;
        private RuntimeException rejectionFailure;

        @Override
        public void handle(Task<SynthesisTask> task) {
            handled.add(task);
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void rejected(JobId job, DsgException cause) {
            rejected.add(job + " " + cause.code());
            if (rejectionFailure != null) {
                throw rejectionFailure;
            }
        }
    }
}
