package dev.dsg.platform.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.Json;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.Trace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers on a real broker. Each test has a job of its own and leaves nothing in the queue. */
final class ShareWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Backoff SHORT = new Backoff(Duration.ofMillis(400), Duration.ofSeconds(1));

    @TempDir
    private static Path directory;

    private static BrokerFixture broker;

    private final List<ShareWorker> workers = new ArrayList<>();
    private final List<Task<SynthesisTask>> seen = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void startBroker() {
        broker = new BrokerFixture(directory.resolve("broker"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void stopWorkers() {
        workers.forEach(ShareWorker::close);
    }

    @Test
    void shouldShareOutMessagesAndHandleEachOnce() {
        // Given two workers with two slots each
        start(2, task -> {});
        start(2, task -> {});

        // When
        send("once", 12);

        // Then
        await().atMost(PATIENCE).until(() -> seen.size() >= 12);
        assertThat(seen).extracting(Task::deliveries).containsOnly(1);
        assertThat(seen)
                .extracting(task -> task.message().batchIndex())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 12).boxed().toList());
        assertThat(seen.getFirst().eventId()).startsWith("once/synthesis/");
        await().until(() -> succeeded() == 12);
    }

    @Test
    void shouldKeepTheLockOfTasksThatTakeLonger() {
        // Given two workers, and tasks that take more than twice the time of a lock
        start(1, task -> Thread.sleep(BrokerFixture.LOCK.multipliedBy(5).dividedBy(2)));
        start(1, task -> Thread.sleep(BrokerFixture.LOCK.multipliedBy(5).dividedBy(2)));

        // When each has several, one after the other
        send("long", 4);
        await().atMost(PATIENCE).until(() -> succeeded() == 4);

        // Then none was delivered twice
        assertThat(seen).hasSize(4).extracting(Task::deliveries).containsOnly(1);
    }

    @Test
    void shouldReleaseWithGrowingPauses() {
        // Given a store that is away for two tries
        var at = new CopyOnWriteArrayList<Instant>();
        start(1, task -> {
            at.add(Instant.now());
            if (task.deliveries() < 3) {
                throw new DsgException(ErrorCode.STORE_UNAVAILABLE, "away");
            }
        });

        // When
        send("released", 1);
        await().atMost(PATIENCE).until(() -> succeeded() == 1);

        // Then
        assertThat(seen).extracting(Task::deliveries).containsExactly(1, 2, 3);
        assertThat(Duration.between(at.get(0), at.get(1))).isGreaterThan(Duration.ofMillis(200));
        assertThat(Duration.between(at.get(1), at.get(2))).isGreaterThan(Duration.ofMillis(400));
        assertThat(meters.get("dsg.tasks").tag("outcome", "released").timer().count())
                .isEqualTo(2);
        assertThat(broker.deadLetters("released")).isEmpty();
    }

    @Test
    void shouldDeadLetterWhatNoRetryCanHelp() {
        // Given
        var rejected = new CopyOnWriteArrayList<String>();
        startHandler(new TaskHandler<SynthesisTask>() {
            @Override
            public void handle(Task<SynthesisTask> task) {
                seen.add(task);
                if (task.message().batchIndex() == 0) {
                    throw DsgException.invalid("quantization.weightBits", 9, "an integer in 2..8");
                }
            }

            @Override
            public void rejected(JobId job, DsgException cause) {
                rejected.add(job + " " + cause.code());
            }
        });

        // When
        send("hopeless", 2);

        // Then the letter says what was wrong, and where it came from
        var incoming = broker.deadLetters("hopeless", 1).getFirst();
        var letter = (DeadLetter) CloudEvents.parse(incoming.headers(), incoming.value());
        assertThat(letter.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(letter.field()).isEqualTo("quantization.weightBits");
        assertThat(letter.message()).isEqualTo("quantization.weightBits is 9, expected an integer in 2..8");
        assertThat(letter.expected()).isEqualTo("an integer in 2..8");
        assertThat(letter.origin().topic()).isEqualTo("dsg.synthesis-tasks");
        assertThat(letter.origin().key()).isEqualTo("hopeless/00000");
        assertThat(letter.origin().ceId()).isEqualTo("hopeless/synthesis/00000");
        assertThat(letter.origin().deliveries()).isEqualTo(1);
        assertThat(letter.payload()).isEqualTo("{\"jobId\":\"hopeless\",\"batchIndex\":0}");
        assertThat(CloudEvents.header(incoming.headers(), "origin_ce_type")).contains("dev.dsg.synthesis.task.v1");
        assertThat(CloudEvents.header(incoming.headers(), "origin_traceparent")).isPresent();

        // And the job was told, and the next task runs
        assertThat(rejected).containsExactly("hopeless INVALID_FIELD");
        await().atMost(PATIENCE).until(() -> succeeded() == 1);
        assertThat(seen).hasSize(2);
    }

    @Test
    void shouldDeadLetterWhatIsNotAMessageOfTheQueue() {
        // Given
        start(1, task -> {});

        // When somebody sends no JSON, another message, and a bare record
        var garbage = CloudEvents.record(new SynthesisTask(JobId.parse("strange"), 1), "/dsg/test", Instant.now());
        var broken = new ProducerRecord<>(
                garbage.topic(), null, "strange/1", "{\"jobId\":".getBytes(UTF_8), garbage.headers());
        var other = CloudEvents.record(new QuantizationTask(JobId.parse("strange")), "/dsg/test", Instant.now());
        broker.send(broken);
        broker.send(new ProducerRecord<>(garbage.topic(), null, "strange/2", other.value(), other.headers()));
        broker.send(new ProducerRecord<>(garbage.topic(), "strange/3", null));
        send("fine", 1);

        // Then each is dead-lettered, and what is in order runs
        assertThat(broker.deadLetters("strange", 3))
                .extracting(incoming -> Json.parse(incoming.value(), DeadLetter.class))
                .extracting(DeadLetter::code)
                .containsExactly(ErrorCode.MALFORMED_MESSAGE, ErrorCode.MALFORMED_MESSAGE, ErrorCode.MALFORMED_MESSAGE);
        await().atMost(PATIENCE).until(() -> succeeded() == 1);
    }

    @Test
    void shouldGiveUpAfterTheDeliveryLimit() {
        // Given a handler with a defect
        start(1, task -> {
            throw new IllegalStateException("a defect");
        });

        // When
        send("defect", 1);

        // Then it ran as often as allowed
        var letter = Json.parse(broker.deadLetters("defect", 1).getFirst().value(), DeadLetter.class);
        assertThat(letter.code()).isEqualTo(ErrorCode.DELIVERIES_EXHAUSTED);
        assertThat(letter.message()).contains("INTERNAL").contains("a defect");
        assertThat(letter.origin().deliveries()).isEqualTo(3);
        assertThat(seen).extracting(Task::deliveries).containsExactly(1, 2, 3);
    }

    @Test
    void shouldDropWhatIsVoid() {
        start(1, task -> {
            throw new DsgException(ErrorCode.JOB_CANCELLED, "cancelled");
        });
        send("void", 1);
        await().atMost(PATIENCE)
                .until(() -> meters.get("dsg.tasks")
                                .tag("outcome", "dropped")
                                .timer()
                                .count()
                        == 1);
        assertThat(broker.deadLetters("void")).isEmpty();
    }

    @Test
    void shouldTakeOverFromAWorkerThatIsKilled() throws Exception {
        // Given a process with a task at hand
        send("orphan", 1);
        var process = workerProcess();
        try {
            await().atMost(PATIENCE).until(() -> output().contains("TAKEN orphan"));
        } finally {
            // When
            process.destroyForcibly().waitFor();
        }
        start(1, task -> {});

        // Then
        await().atMost(PATIENCE).until(() -> succeeded() == 1);
        assertThat(seen).extracting(Task::deliveries).containsExactly(2);
    }

    @Test
    void shouldLetTheTaskAtHandFinishWhenStopped() throws Exception {
        // Given a worker at work
        var begun = new CountDownLatch(1);
        var worker = start(1, task -> {
            begun.countDown();
            Thread.sleep(Duration.ofSeconds(3));
        });
        send("finish", 1);
        begun.await();

        // When
        send("late", 1);
        worker.close();

        // Then the task at hand is done, and nothing else was begun
        assertThat(succeeded()).isEqualTo(1);
        assertThat(seen).hasSize(1);
        start(1, task -> {});
        await().atMost(PATIENCE).until(() -> succeeded() == 2);
        assertThat(seen.getLast().message().jobId()).isEqualTo(JobId.parse("late"));
        assertThat(seen).extracting(Task::deliveries).containsOnly(1);
    }

    @Test
    void shouldReleaseWhatDoesNotFinishInTime() throws Exception {
        // Given a worker with little grace and a task that notices nothing but the probe
        var begun = new CountDownLatch(1);
        var settings =
                new WorkerSettings(KafkaAccess.of(broker.bootstrapServers()), 1, 3, SHORT, Duration.ofMillis(300));
        var worker = start(settings, task -> {
            begun.countDown();
            while (!task.cancelled()) {
                Thread.onSpinWait();
            }
            throw new DsgException(ErrorCode.INVALID_FIELD, "broken off in the middle");
        });
        send("hasty", 1);
        begun.await();

        // When
        worker.close();

        // Then another worker has it, and whatever it threw when cancelled counts for nothing
        start(1, task -> {});
        await().atMost(PATIENCE).until(() -> succeeded() == 1);
        assertThat(seen).extracting(Task::deliveries).containsExactly(1, 2);
    }

    @Test
    void shouldTellTheTaskAtHandAtOnceThatItsWorkerLeaves() throws Exception {
        // Given long work that sends its own message again when its worker leaves, and no end of grace
        var begun = new CountDownLatch(1);
        var worker = start(1, task -> {
            begun.countDown();
            while (!task.stopping()) {
                Thread.sleep(10);
            }
            assertThat(task.cancelled()).isFalse();
            broker.publisher().publish(task.message());
        });
        send("handover", 1);
        begun.await();

        // When
        var begin = System.nanoTime();
        worker.close();

        // Then it is gone long before its grace is over, and another goes on as if it were the first to try
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        start(1, task -> assertThat(task.stopping()).isFalse());
        await().atMost(PATIENCE).until(() -> succeeded() == 2);
        assertThat(seen).extracting(Task::deliveries).containsExactly(1, 1);
        assertThat(seen.get(1).eventId()).isEqualTo(seen.get(0).eventId());
    }

    @Test
    void shouldNotHoldARecordBackWhenItLeaves() throws Exception {
        // Given a record that is held back for a minute
        var minute = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1));
        var failed = new CountDownLatch(1);
        var settings =
                new WorkerSettings(KafkaAccess.of(broker.bootstrapServers()), 1, 3, minute, Duration.ofSeconds(20));
        var worker = start(settings, task -> {
            failed.countDown();
            throw new DsgException(ErrorCode.STORE_UNAVAILABLE, "away");
        });
        send("held", 1);
        failed.await();

        // When
        var begin = System.nanoTime();
        worker.close();

        // Then another has it at once
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        start(1, task -> {});
        await().atMost(PATIENCE).until(() -> succeeded() == 1);
        assertThat(seen).extracting(Task::deliveries).containsExactly(1, 2);
    }

    @Test
    void shouldSurviveARestartOfTheBroker() throws Exception {
        // Given a worker at work
        var begun = new CountDownLatch(1);
        start(1, task -> {
            if (begun.getCount() > 0) {
                begun.countDown();
                Thread.sleep(Duration.ofMinutes(1));
            }
        });
        send("restart", 1);
        begun.await();

        // When
        broker.restart(Duration.ofSeconds(3));
        broker.publisher().publish(new SynthesisTask(JobId.parse("restart"), 1));

        // Then the task was broken off and came again, and new ones are taken
        await().atMost(PATIENCE).until(() -> succeeded() == 2);
        assertThat(seen).extracting(task -> task.message().batchIndex()).containsExactlyInAnyOrder(0, 0, 1);
    }

    @Test
    void shouldHandOnTheTrace() {
        // Given a message of some trace, and a handler that sends another
        var traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        start(1, task -> broker.publisher()
                .publish(new QuantizationTask(task.message().jobId())));
        try (var _ =
                Trace.continued("00-" + traceId + "-00f067aa0ba902b7-01", null).makeCurrent()) {
            send("traced", 1);
        }

        // When
        var sent = broker.read(
                        Topics.QUANTIZATION_TASKS, 1, incoming -> incoming.key().equals("traced"))
                .getFirst();

        // Then
        assertThat(CloudEvents.header(sent.headers(), "traceparent").orElse("")).contains(traceId);
    }

    private ShareWorker start(int slots, Action action) {
        return start(
                new WorkerSettings(KafkaAccess.of(broker.bootstrapServers()), slots, 3, SHORT, Duration.ofSeconds(20)),
                action);
    }

    private ShareWorker start(WorkerSettings settings, Action action) {
        return startHandler(settings, task -> {
            seen.add(task);
            action.run(task);
        });
    }

    private ShareWorker startHandler(TaskHandler<SynthesisTask> handler) {
        return startHandler(
                new WorkerSettings(KafkaAccess.of(broker.bootstrapServers()), 1, 3, SHORT, Duration.ofSeconds(20)),
                handler);
    }

    private ShareWorker startHandler(WorkerSettings settings, TaskHandler<SynthesisTask> handler) {
        var worker = ShareWorker.start(Queue.SYNTHESIS, handler, settings, broker.publisher(), meters);
        workers.add(worker);
        return worker;
    }

    private static void send(String job, int batches) {
        broker.publisher()
                .publish(IntStream.range(0, batches)
                        .mapToObj(i -> new SynthesisTask(JobId.parse(job), i))
                        .toList());
    }

    private long succeeded() {
        return meters.get("dsg.tasks").tag("outcome", "succeeded").timer().count();
    }

    private Process workerProcess() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        broker.bootstrapServers())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("worker.txt").toFile())
                .start();
    }

    private static String output() throws Exception {
        return Files.readString(directory.resolve("worker.txt"));
    }

    private interface Action {
        void run(Task<SynthesisTask> task) throws InterruptedException;
    }
}
