package dev.dsg.platform.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState.Active;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.DeadLetterRedriven;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.Trace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts the records of dead letters back on their topics, each once.
 *
 * <p>The record and the note that it was redriven are one transaction, and whoever opens a redrive fences off whoever did
 * before: of two people who redrive a letter at the same time, one does and the other is told.
 *
 * <p>A job fails with its letter, and its other tasks are dropped while they come. So the job is opened again, and its
 * submission sent before the record: it is planned anew, and what lies in the store is passed over.
 */
public final class Redrive implements AutoCloseable {

    /** What tells of whom a record was put back for; workers do not look at it. */
    public static final String REDRIVEN = "redriven";

    private static final String SOURCE = "/dsg/redrive";
    private static final String TRANSACTIONS = "dsg-redrive";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaProducer<String, byte[]> producer;
    private final JobRepository jobs;
    private final InstantSource clock;
    private final Map<String, Letter> letters = new HashMap<>();

    private Redrive(KafkaProducer<String, byte[]> producer, JobRepository jobs, InstantSource clock) {
        this.producer = producer;
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * Takes the right to redrive from whoever had it.
     *
     * @param clock dates the notes
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not give it
     */
    public static Redrive open(KafkaAccess kafka, JobRepository jobs, InstantSource clock) {
        var redrive = new Redrive(producer(kafka), jobs, clock);
        try {
            redrive.producer.initTransactions();
            // Read after the others were fenced off: no note comes any more that is not ours.
            new LetterBox(kafka).letters().forEach(letter -> redrive.letters.put(letter.id(), letter));
            return redrive;
        } catch (KafkaException e) {
            redrive.close();
            throw unavailable(e);
        } catch (DsgException e) {
            redrive.close();
            throw e;
        }
    }

    /** All letters, oldest first. */
    public List<Letter> letters() {
        return letters.values().stream()
                .sorted(Comparator.comparing((Letter letter) -> letter.content().at()))
                .toList();
    }

    /**
     * Redrives a letter, unless it was.
     *
     * @throws DsgException {@code INVALID_FIELD} when there is no such letter, or it does not hold all of its record;
     *     {@code BROKER_UNAVAILABLE} when nothing was put back
     */
    public Outcome redrive(String id) {
        var letter = LetterBox.find(List.copyOf(letters.values()), id);
        if (letter.redriven().isPresent()) {
            return new Outcome.Already(letter.redriven().get());
        }
        var original = letter.original();
        original.headers().add(REDRIVEN, id.getBytes(UTF_8));
        var state = letter.job().flatMap(jobs::find).map(JobStatus::state).orElse(null);
        return switch (state) {
            case Completed _, Cancelled _ ->
                new Outcome.Pointless("job " + letter.job().orElseThrow() + " is "
                        + state.stage().wireName() + ", and its messages are void");
            case Failed _ when opens(letter) -> reopened(letter, original);
            case Submitted _ when opens(letter) -> reopened(letter, original);
            case Failed _ ->
                new Outcome.Pointless(
                        "job " + letter.job().orElseThrow() + " has failed, but not because of this letter");
            case Active _ -> putBack(letter, List.of(original));
            case null -> putBack(letter, List.of(original));
        };
    }

    /** What is wrong with a stranger's message under the id of a job is no reason to open that job. */
    private static boolean opens(Letter letter) {
        return switch (letter.content().code()) {
            case DUPLICATE_JOB, UNKNOWN_JOB -> false;
            default -> type(letter) != MessageType.JOB_CANCELLED;
        };
    }

    /** The job first: a crash in between leaves one that waits for its submission, which the next try sends. */
    private Outcome reopened(Letter letter, ProducerRecord<String, byte[]> original) {
        var job = letter.job().orElseThrow();
        jobs.reopen(job);
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        if (!original.topic().equals(MessageType.JOB_SUBMITTED.topic())) {
            records.add(submission(job, letter));
        }
        records.add(original);
        putBack(letter, records);
        return new Outcome.Reopened(job);
    }

    private ProducerRecord<String, byte[]> submission(JobId job, Letter letter) {
        try (var _ = Trace.continued(header(letter, Trace.HEADER), job.value()).makeCurrent()) {
            return CloudEvents.record(new JobSubmitted(jobs.spec(job)), SOURCE, clock.instant());
        }
    }

    private Outcome putBack(Letter letter, List<ProducerRecord<String, byte[]>> records) {
        var note = DeadLetterRedriven.of(letter.content(), clock.instant());
        try {
            producer.beginTransaction();
            records.forEach(producer::send);
            producer.send(CloudEvents.record(note, SOURCE, note.at()));
            producer.commitTransaction();
        } catch (KafkaException e) {
            abort();
            throw fenced(e)
                    ? new DsgException(
                            ErrorCode.BROKER_UNAVAILABLE,
                            "somebody else began to redrive; " + letter.id() + " is left to them",
                            e)
                    : unavailable(e);
        }
        letters.put(letter.id(), letter.redrivenAt(note.at()));
        return new Outcome.PutBack();
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            // The broker aborts it by itself.
        }
    }

    /** It depends on how far the transaction was which of these tells of another's. */
    private static boolean fenced(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(e -> e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException);
    }

    private static MessageType type(Letter letter) {
        return MessageType.ofCeType(header(letter, CloudEvents.TYPE)).orElse(null);
    }

    private static String header(Letter letter, String name) {
        return letter.headers().stream()
                .filter(header -> header.key().equals(name))
                .map(header -> new String(header.value(), UTF_8))
                .findFirst()
                .orElse(null);
    }

    private static KafkaProducer<String, byte[]> producer(KafkaAccess kafka) {
        var patience = Math.toIntExact(PATIENCE.toMillis());
        return new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        TRANSACTIONS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        patience,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        patience / 2,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        patience)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static DsgException unavailable(KafkaException e) {
        return new DsgException(ErrorCode.BROKER_UNAVAILABLE, "the broker does not redrive: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}
