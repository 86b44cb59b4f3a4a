package dev.dsg.platform.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.queue.BrokerFixture;
import dev.dsg.platform.queue.DeadLetters;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaAccess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker with real transactions, and a real store. */
final class RedriveTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final AtomicLong OFFSETS = new AtomicLong();

    @TempDir
    private static Path directory;

    private static BrokerFixture broker;
    private static KafkaAccess kafka;
    private static S3Server server;
    private static S3ObjectStore store;
    private static JobRepository jobs;
    private static DeadLetters deadLetters;

    @BeforeAll
    static void start() {
        broker = new BrokerFixture(directory.resolve("kafka"));
        kafka = KafkaAccess.of(broker.bootstrapServers());
        server = S3Server.start(directory.resolve("s3"), 0, "access", "secret", "dsg");
        store = new S3ObjectStore(StoreConfig.of(URI.create(server.endpoint()), "access", "secret"), new Random());
        jobs = new JobRepository(store, broker.publisher(), InstantSource.system(), new Random());
        deadLetters = new DeadLetters(broker.publisher(), CLOCK);
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
        broker.close();
    }

    @Test
    void shouldPutARecordBackWithItsHeadersOnce() {
        // Given a letter about a record of no job that anybody knows
        var id = letter(record(Topics.SYNTHESIS_TASKS, "nobody/00001", "{\"grüße\": 1}"), ErrorCode.INTERNAL);

        // When
        Outcome first;
        Outcome second;
        try (var redrive = open()) {
            first = redrive.redrive(id);
            second = redrive.redrive(id);
        }
        Outcome later;
        try (var redrive = open()) {
            later = redrive.redrive(id);
        }

        // Then
        assertThat(first).isEqualTo(new Outcome.PutBack());
        assertThat(List.of(second, later)).containsOnly(new Outcome.Already(CLOCK.instant()));
        var back = only(Topics.SYNTHESIS_TASKS, "nobody/00001");
        assertThat(new String(back.value(), UTF_8)).isEqualTo("{\"grüße\": 1}");
        assertThat(back.headers())
                .containsExactly(header("ce_id", "event"), header("traceparent", TRACE), header(Redrive.REDRIVEN, id));
        assertThat(new LetterBox(kafka).letter(id).redriven()).contains(CLOCK.instant());
    }

    @Test
    void shouldOpenAFailedJobAgainAndSendItsSubmissionFirst() {
        // Given a job that failed with one of its tasks
        var spec = job("failed");
        jobs.submit(spec);
        var cause = new DsgException(ErrorCode.DELIVERIES_EXHAUSTED, "the store was away");
        jobs.fail(spec.jobId(), cause);
        var id = letter(record(CloudEvents.record(new SynthesisTask(spec.jobId(), 2), "/dsg", Instant.EPOCH)), cause);

        // When
        Outcome outcome;
        try (var redrive = open()) {
            outcome = redrive.redrive(id);
        }

        // Then
        assertThat(outcome).isEqualTo(new Outcome.Reopened(spec.jobId()));
        assertThat(jobs.find(spec.jobId()).orElseThrow().state()).isEqualTo(new JobState.Submitted());
        var submission = only(Topics.JOBS, "failed");
        assertThat(CloudEvents.parse(submission.headers(), submission.value())).isEqualTo(new JobSubmitted(spec));
        var task = only(Topics.SYNTHESIS_TASKS, "failed/00002");
        assertThat(CloudEvents.parse(task.headers(), task.value())).isEqualTo(new SynthesisTask(spec.jobId(), 2));
    }

    @Test
    void shouldOpenARefusedJobAgainWithItsOwnRecordOnly() {
        // Given a submission that was refused: the job has a state, but no specification
        var submission = CloudEvents.record(new JobSubmitted(job("refused")), "/dsg", Instant.EPOCH);
        var cause = new DsgException(ErrorCode.UNKNOWN_MODEL, "model", "m", "another");
        jobs.fail(JobId.parse("refused"), cause);
        var id = letter(record(submission), cause);

        // When
        try (var redrive = open()) {
            assertThat(redrive.redrive(id)).isEqualTo(new Outcome.Reopened(JobId.parse("refused")));
        }

        // Then
        assertThat(only(Topics.JOBS, "refused").value()).isEqualTo(submission.value());
    }

    @Test
    void shouldLeaveAloneWhatNobodyWouldActOn() {
        // Given a job that was called off, and one under whose id somebody sent another
        jobs.submit(job("over"));
        jobs.cancel(JobId.parse("over"), "no longer needed");
        jobs.submit(job("twice"));
        jobs.fail(JobId.parse("twice"), new DsgException(ErrorCode.INTERNAL, "a defect"));
        var over = letter(record(Topics.SYNTHESIS_TASKS, "over/00000", "{}"), ErrorCode.INTERNAL);
        var twice = letter(record(Topics.JOBS, "twice", "{}"), ErrorCode.DUPLICATE_JOB);

        // When / Then
        try (var redrive = open()) {
            assertThat(redrive.redrive(over))
                    .isEqualTo(new Outcome.Pointless("job over is cancelled, and its messages are void"));
            assertThat(redrive.redrive(twice))
                    .isEqualTo(new Outcome.Pointless("job twice has failed, but not because of this letter"));
        }
        assertThat(records(Topics.SYNTHESIS_TASKS, "over/00000")).isEmpty();
        assertThat(new LetterBox(kafka).letter(over).redriven()).isEmpty();
    }

    @Test
    void shouldRefuseALetterThatHoldsNotAllOfItsRecord() {
        // Given
        var large = letter(
                record(Topics.BATCHES, "large", "x".repeat(DeadLetter.MAX_PAYLOAD + 1)), ErrorCode.MALFORMED_MESSAGE);
        var binary = OFFSETS.getAndIncrement();
        deadLetters.write(
                new ConsumerRecord<>(Topics.BATCHES, 0, binary, "binary", new byte[] {(byte) 0xff}),
                new DsgException(ErrorCode.MALFORMED_MESSAGE, "not JSON"));

        // When / Then
        try (var redrive = open()) {
            assertThatThrownBy(() -> redrive.redrive(large))
                    .hasMessageContaining("payload of " + large)
                    .hasMessageContaining("expected fewer");
            assertThatThrownBy(() -> redrive.redrive("dsg.batches/0/" + binary))
                    .hasMessageContaining("bytes that are not text");
            assertThatThrownBy(() -> redrive.redrive("dsg.jobs/7/7"))
                    .hasMessage("dead letter is \"dsg.jobs/7/7\", expected the id of one that is kept,"
                            + " such as dsg.jobs/0/17");
        }
    }

    @Test
    void shouldLetOnlyOneOfTwoRedriveALetter() {
        // Given two who look at the same letter
        var id = letter(record(Topics.BATCHES, "raced", "{}"), ErrorCode.INTERNAL);
        try (var slow = open();
                var fast = open()) {

            // When
            assertThat(fast.redrive(id)).isEqualTo(new Outcome.PutBack());

            // Then
            assertThatThrownBy(() -> slow.redrive(id)).hasMessageContaining(id + " is left to them");
        }
        assertThat(records(Topics.BATCHES, "raced")).hasSize(1);
    }

    @Test
    void shouldCountALetterOnceThatWasWrittenTwice() {
        // Given
        var dead = record(Topics.BATCHES, "repeated", "{}");
        letter(dead, ErrorCode.INTERNAL);
        var id = letter(dead, ErrorCode.INTERNAL);

        // When / Then
        assertThat(new LetterBox(kafka).letters())
                .filteredOn(letter -> letter.id().equals(id))
                .singleElement()
                .satisfies(letter -> assertThat(letter.job()).contains(JobId.parse("repeated")));
    }

    private static Redrive open() {
        return Redrive.open(kafka, jobs, CLOCK);
    }

    private static JobSpec job(String id) {
        return JobRequest.of("resnet20-cifar10").withJobId(JobId.parse(id)).resolve();
    }

    private static String letter(ConsumerRecord<String, byte[]> dead, ErrorCode code) {
        return letter(dead, new DsgException(code, "a reason"));
    }

    private static String letter(ConsumerRecord<String, byte[]> dead, DsgException cause) {
        deadLetters.write(dead, cause);
        return dead.topic() + "/" + dead.partition() + "/" + dead.offset();
    }

    private static ConsumerRecord<String, byte[]> record(String topic, String key, String value) {
        var dead = new ConsumerRecord<>(topic, 0, OFFSETS.getAndIncrement(), key, value.getBytes(UTF_8));
        dead.headers().add(header("ce_id", "event")).add(header("traceparent", TRACE));
        return dead;
    }

    private static ConsumerRecord<String, byte[]> record(ProducerRecord<String, byte[]> outgoing) {
        var dead =
                new ConsumerRecord<>(outgoing.topic(), 0, OFFSETS.getAndIncrement(), outgoing.key(), outgoing.value());
        outgoing.headers().forEach(dead.headers()::add);
        return dead;
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static ConsumerRecord<String, byte[]> only(String topic, String key) {
        var found = records(topic, key);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic, String key) {
        return broker.readAll(topic, incoming -> key.equals(incoming.key()));
    }
}
