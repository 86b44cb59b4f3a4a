package dev.dsg.platform.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.MessageType;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** CloudEvents 1.0 in binary mode: the message is the value of a Kafka record, the rest of the event its headers. */
public final class CloudEvents {

    /** Header of the event's id, by which a repeated message is known. */
    public static final String ID = "ce_id";
    /** Header of the event's type, see {@link MessageType#ceType}. */
    public static final String TYPE = "ce_type";
    /** Header of who said it. */
    public static final String SOURCE = "ce_source";
    /** Header of when it was said. */
    public static final String TIME = "ce_time";
    /** Header of the version of CloudEvents, {@code 1.0}. */
    public static final String SPEC_VERSION = "ce_specversion";
    /** Header of the value's media type, {@code application/json}. */
    public static final String CONTENT_TYPE = "content-type";

    private CloudEvents() {}

    /**
     * The record that says a message, in the current trace.
     *
     * @param source who says it, such as {@code /dsg/generator-service}
     */
    public static ProducerRecord<String, byte[]> record(Message message, String source, Instant at) {
        var type = message.type();
        var outgoing = new ProducerRecord<>(type.topic(), message.recordKey(), Json.bytes(message));
        put(outgoing.headers(), SPEC_VERSION, "1.0");
        put(outgoing.headers(), ID, message.eventId());
        put(outgoing.headers(), TYPE, type.ceType());
        put(outgoing.headers(), SOURCE, source);
        put(outgoing.headers(), TIME, at.toString());
        put(outgoing.headers(), CONTENT_TYPE, "application/json");
        put(outgoing.headers(), Trace.HEADER, Trace.traceparent(message.recordKey()));
        return outgoing;
    }

    /**
     * The message that a record says.
     *
     * @throws DsgException {@code MALFORMED_MESSAGE} for an unknown type or a value that is not JSON,
     *     {@code INVALID_FIELD} for a field that is not as it must be
     */
    public static Message parse(Headers headers, byte[] value) {
        var name = header(headers, TYPE).orElse(null);
        var type = MessageType.ofCeType(name).orElseThrow(() -> unknownType(name));
        return Json.parse(value == null ? new byte[0] : value, type.record());
    }

    /** The text of a header, where there is one. */
    public static Optional<String> header(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name))
                .map(header -> header.value())
                .map(value -> new String(value, UTF_8));
    }

    static void put(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(UTF_8));
    }

    private static DsgException unknownType(String name) {
        var known = Arrays.stream(MessageType.values()).map(MessageType::ceType).collect(Collectors.joining(", "));
        return new DsgException(ErrorCode.MALFORMED_MESSAGE, TYPE, name, "one of " + known);
    }
}
