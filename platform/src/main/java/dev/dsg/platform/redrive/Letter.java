package dev.dsg.platform.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.DeadLetter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as it lies on its topic.
 *
 * @param content what it says
 * @param headers those that its record had, by their names and in their order
 * @param redriven when its record was put back, if it was
 */
public record Letter(DeadLetter content, List<Header> headers, Optional<Instant> redriven) {

    /** In a payload that is not text, this stands for what could not be kept. */
    private static final char LOST = '\uFFFD';

    /** Keeps a copy of the headers. */
    public Letter {
        headers = List.copyOf(headers);
    }

    /** What people call it, such as {@code dsg.jobs/0/17}. */
    public String id() {
        return content.id();
    }

    /** The job of its record, where the key names one. */
    public Optional<JobId> job() {
        return JobId.ofRecordKey(content.origin().key());
    }

    Letter redrivenAt(Instant at) {
        return new Letter(content, headers, Optional.of(at));
    }

    /**
     * The record as it was, for any partition of its topic.
     *
     * @throws DsgException {@code INVALID_FIELD} when the letter does not hold all of it
     */
    ProducerRecord<String, byte[]> original() {
        var payload = content.payload();
        if (payload.length() >= DeadLetter.MAX_PAYLOAD) {
            throw incomplete(payload.length() + " characters or more", "fewer, for a letter keeps no more");
        }
        if (payload.indexOf(LOST) >= 0) {
            throw incomplete("bytes that are not text", "text, for a letter keeps nothing else");
        }
        var origin = content.origin();
        return new ProducerRecord<>(origin.topic(), null, origin.key(), payload.getBytes(UTF_8), headers);
    }

    private DsgException incomplete(String value, String expected) {
        return DsgException.invalid("payload of " + id(), value, expected);
    }
}
