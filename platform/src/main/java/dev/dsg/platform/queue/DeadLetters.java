package dev.dsg.platform.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.EventPublisher;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Writes down what could not be handled: why, where it came from, and what it said, headers included. */
public final class DeadLetters {

    /** Before the name of each header that the record had. */
    public static final String ORIGIN = "origin_";

    private final EventPublisher publisher;
    private final InstantSource clock;

    /**
     * Writes through a publisher.
     *
     * @param clock dates the letters
     */
    public DeadLetters(EventPublisher publisher, InstantSource clock) {
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Writes a letter; it is on the broker when this returns.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when it is not
     */
    public void write(ConsumerRecord<String, byte[]> incoming, DsgException cause) {
        var origin = new DeadLetter.Origin(
                incoming.topic(),
                incoming.partition(),
                incoming.offset(),
                incoming.key(),
                CloudEvents.header(incoming.headers(), CloudEvents.ID).orElse(null),
                Deliveries.of(incoming));
        var payload = incoming.value() == null ? "" : new String(incoming.value(), UTF_8);
        publisher.publish(DeadLetter.of(cause, origin, clock.instant(), payload), headers(incoming));
    }

    private static List<Header> headers(ConsumerRecord<String, byte[]> incoming) {
        var copies = new ArrayList<Header>();
        for (var header : incoming.headers()) {
            copies.add(new RecordHeader(ORIGIN + header.key(), header.value()));
        }
        return copies;
    }
}
