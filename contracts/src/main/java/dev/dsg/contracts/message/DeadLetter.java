package dev.dsg.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import java.time.Instant;

/**
 * A record that no worker could handle.
 *
 * @param code why
 * @param field the field at fault, where there is one
 * @param message why, for people
 * @param expected what would have been accepted, where that can be said
 * @param origin where the record came from
 * @param at when it was given up
 * @param payload what the record said, as text; cut at {@value #MAX_PAYLOAD} characters
 */
public record DeadLetter(
        ErrorCode code,
        @JsonInclude(JsonInclude.Include.NON_NULL) String field,
        String message,
        @JsonInclude(JsonInclude.Include.NON_NULL) String expected,
        Origin origin,
        Instant at,
        String payload)
        implements Message {

    /** The most of a payload that is kept. */
    public static final int MAX_PAYLOAD = 65_536;

    /**
     * Where a record came from.
     *
     * @param topic its topic
     * @param partition its partition
     * @param offset its offset
     * @param key its key, where it had one
     * @param ceId its event id, where it had one
     * @param deliveries how often it was delivered
     */
    public record Origin(
            String topic,
            int partition,
            long offset,
            @JsonInclude(JsonInclude.Include.NON_NULL) String key,
            @JsonInclude(JsonInclude.Include.NON_NULL) String ceId,
            int deliveries) {
        /** Refuses missing parts and negative positions. */
        public Origin {
            Require.text("origin.topic", topic);
            Require.atLeast("origin.partition", partition, 0);
            Require.atLeast("origin.offset", offset, 0);
            Require.atLeast("origin.deliveries", deliveries, 1);
        }
    }

    /** Refuses missing parts and cuts the payload. */
    public DeadLetter {
        Require.present("code", code);
        Require.text("message", message);
        Require.present("origin", origin);
        Require.present("at", at);
        Require.present("payload", payload);
        payload = payload.length() > MAX_PAYLOAD ? payload.substring(0, MAX_PAYLOAD) : payload;
    }

    /** The letter for a failure. */
    public static DeadLetter of(DsgException cause, Origin origin, Instant at, String payload) {
        return new DeadLetter(
                cause.code(),
                cause.field().orElse(null),
                cause.getMessage(),
                cause.expected().orElse(null),
                origin,
                at,
                payload);
    }

    /** What people call it: topic, partition and offset of the record, such as {@code dsg.jobs/0/17}. */
    public String id() {
        return origin.topic() + "/" + origin.partition() + "/" + origin.offset();
    }

    @Override
    public String eventId() {
        return "dead-letter/" + id();
    }

    /** The key of the record that failed, or else its origin. */
    @Override
    public String recordKey() {
        return origin.key() == null ? eventId() : origin.key();
    }
}
