package dev.dsg.platform.redrive;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.DeadLetterRedriven;
import dev.dsg.contracts.message.Message;
import dev.dsg.platform.queue.DeadLetters;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All dead letters that the broker still keeps. Reading takes nothing away. */
public final class LetterBox {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaAccess kafka;

    /** The letters of a system. */
    public LetterBox(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    /**
     * The letters, oldest first. One that was written twice, by a worker that died right after it, counts once.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not hand them out
     */
    public List<Letter> letters() {
        var settings = kafka.with(Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(PATIENCE.toMillis()),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false));
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            return read(consumer).values().stream()
                    .sorted(Comparator.comparing(
                            (Letter letter) -> letter.content().at()))
                    .toList();
        } catch (KafkaException e) {
            throw new DsgException(
                    ErrorCode.BROKER_UNAVAILABLE, "cannot read " + Topics.DEAD_LETTERS + ": " + e.getMessage(), e);
        }
    }

    /**
     * One letter.
     *
     * @param id as {@link Letter#id} gives it
     * @throws DsgException {@code INVALID_FIELD} when there is no such letter
     */
    public Letter letter(String id) {
        return find(letters(), id);
    }

    static Letter find(List<Letter> letters, String id) {
        return letters.stream()
                .filter(letter -> letter.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        DsgException.invalid("dead letter", id, "the id of one that is kept, such as dsg.jobs/0/17"));
    }

    private static Map<String, Letter> read(KafkaConsumer<String, byte[]> consumer) {
        var partitions = consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        var letters = new LinkedHashMap<String, Letter>();
        while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
            for (var incoming : consumer.poll(POLL)) {
                note(incoming, letters);
            }
        }
        return letters;
    }

    /** A letter and the notes about it have one key: they come in the order in which they were written. */
    private static void note(ConsumerRecord<String, byte[]> incoming, Map<String, Letter> letters) {
        switch (message(incoming).orElse(null)) {
            case DeadLetter letter ->
                letters.putIfAbsent(
                        letter.id(), new Letter(letter, originalHeaders(incoming.headers()), Optional.empty()));
            case DeadLetterRedriven note ->
                letters.computeIfPresent(note.letter(), (_, letter) -> letter.redrivenAt(note.at()));
            case null, default -> {
                // Somebody wrote to the topic who should not have; it is no reason to hide the letters.
            }
        }
    }

    private static Optional<Message> message(ConsumerRecord<String, byte[]> incoming) {
        try {
            return Optional.of(CloudEvents.parse(incoming.headers(), incoming.value()));
        } catch (DsgException e) {
            return Optional.empty();
        }
    }

    private static List<Header> originalHeaders(Headers headers) {
        var originals = new ArrayList<Header>();
        for (var header : headers) {
            if (header.key().startsWith(DeadLetters.ORIGIN)) {
                originals.add(new RecordHeader(header.key().substring(DeadLetters.ORIGIN.length()), header.value()));
            }
        }
        return originals;
    }
}
