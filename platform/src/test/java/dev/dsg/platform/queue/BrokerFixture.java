package dev.dsg.platform.queue;

import dev.dsg.contracts.Topics;
import dev.dsg.embedded.KafkaBroker;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.KafkaRecordSender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A real broker with all topics and short locks, and ways to write to it and read from it. */
public final class BrokerFixture implements AutoCloseable {

    /** How long a record stays locked unless its worker renews. */
    public static final Duration LOCK = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private KafkaBroker broker;
    private final KafkaRecordSender sender;
    private final EventPublisher publisher;

    /** Starts it. */
    public BrokerFixture(Path directory) {
        this.directory = directory;
        broker = KafkaBroker.start(directory, 0);
        try (var admin = new TopicAdmin(KafkaAccess.of(broker.bootstrapServers()))) {
            admin.create(LOCK);
        }
        sender = new KafkaRecordSender(KafkaAccess.of(broker.bootstrapServers()), PATIENCE);
        publisher = new EventPublisher(sender, "/dsg/test", InstantSource.system(), PATIENCE);
    }

    /** Its address. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Sends messages to it. */
    public EventPublisher publisher() {
        return publisher;
    }

    /** Sends any record to it. */
    public void send(ProducerRecord<String, byte[]> outgoing) {
        sender.send(outgoing).toCompletableFuture().join();
    }

    /** Stops it, waits, starts it again on the same port and data. */
    public void restart(Duration away) throws InterruptedException {
        var port = broker.port();
        broker.close();
        Thread.sleep(away);
        broker = KafkaBroker.start(directory, port);
    }

    /** Reads a topic from its beginning until so many wanted records were seen, or patience ends. */
    public List<ConsumerRecord<String, byte[]>> read(
            String topic, int count, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        return read(topic, wanted, (_, found) -> found.size() >= count || System.nanoTime() - end > 0);
    }

    /** Reads all that a topic holds by now. */
    public List<ConsumerRecord<String, byte[]>> readAll(
            String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        return read(topic, wanted, (consumer, _) -> consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
    }

    /** The dead letters of a job; waits until there are so many. */
    public List<ConsumerRecord<String, byte[]>> deadLetters(String job, int count) {
        return read(Topics.DEAD_LETTERS, count, incoming -> incoming.key().startsWith(job));
    }

    /** The dead letters of a job that there are by now. */
    public List<ConsumerRecord<String, byte[]>> deadLetters(String job) {
        return readAll(Topics.DEAD_LETTERS, incoming -> incoming.key().startsWith(job));
    }

    private List<ConsumerRecord<String, byte[]>> read(
            String topic,
            Predicate<ConsumerRecord<String, byte[]>> wanted,
            BiPredicate<KafkaConsumer<String, byte[]>, List<ConsumerRecord<String, byte[]>>> done) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers());
        var found = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!done.test(consumer, found)) {
                for (var incoming : consumer.poll(Duration.ofMillis(100))) {
                    if (wanted.test(incoming)) {
                        found.add(incoming);
                    }
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        sender.close();
        broker.close();
    }
}
