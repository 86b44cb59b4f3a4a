package dev.dsg.testing;

import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.platform.wire.CloudEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Everything that was said on a topic, from its beginning.
 *
 * @param <M> the kind of message
 */
public final class Said<M extends Message> implements AutoCloseable {

    private final Class<M> type;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<M> heard = new ArrayList<>();

    private Said(Class<M> type, KafkaConsumer<String, byte[]> consumer) {
        this.type = type;
        this.consumer = consumer;
    }

    /** Listens to all messages of a kind, on the broker that the service under test is configured for. */
    public static <M extends Message> Said<M> of(Class<M> type) {
        var bootstrapServers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        var topic = Arrays.stream(MessageType.values())
                .filter(known -> known.record() == type)
                .findFirst()
                .orElseThrow()
                .topic();
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new Said<>(type, consumer);
    }

    /** What was said so far and satisfies a condition, in order. */
    public List<M> all(Predicate<M> condition) {
        var ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100)).forEach(this::hear);
        }
        return heard.stream().filter(condition).toList();
    }

    private void hear(ConsumerRecord<String, byte[]> spoken) {
        var message = CloudEvents.parse(spoken.headers(), spoken.value());
        if (type.isInstance(message)) {
            heard.add(type.cast(message));
        }
    }

    /** Waits until so many messages satisfy a condition, and returns them. */
    public List<M> await(int count, Predicate<M> condition) {
        return Awaitility.await().atMost(Await.PATIENCE).until(() -> all(condition), found -> found.size() >= count);
    }

    /** Waits for a message that satisfies a condition. */
    public M await(Predicate<M> condition) {
        return await(1, condition).getFirst();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
