package dev.dsg.gateway.stream;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.message.Message;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream from its beginning and then for as long as it is open, and hands every message to a listener, on one
 * thread and in the order of each key.
 *
 * <p>It is in no group and commits nothing. When the broker was away it begins again at the beginning, so the listener
 * hears messages twice. What cannot be read, and what the listener refuses, is passed over.
 */
public final class StreamReader implements AutoCloseable {

    /** Every message that the broker still has. */
    public static final int ALL = Integer.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final KafkaAccess brokers;
    private final String topic;
    private final int last;
    private final Consumer<Message> listener;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile KafkaConsumer<?, ?> reading;
    private volatile boolean caughtUp;

    /**
     * A reader that does nothing before it is started.
     *
     * @param last so many messages of each partition are read of what is there already, the newest
     */
    public StreamReader(KafkaAccess brokers, String topic, int last, Consumer<Message> listener) {
        this.brokers = brokers;
        this.topic = topic;
        this.last = last;
        this.listener = listener;
        this.thread = Thread.ofPlatform().name("read-" + topic).daemon().unstarted(this::run);
    }

    /** Begins to read. */
    public void start() {
        thread.start();
    }

    /** Whether all was read that was there when the reader came; once it is so, it stays so. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Ends; the listener hears no more when this returns. */
    @Override
    public void close() {
        closed.countDown();
        var current = reading;
        if (current != null) {
            current.wakeup();
        }
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        while (open()) {
            try {
                read();
            } catch (KafkaException | IllegalStateException e) {
                if (open()) {
                    LOG.warn("stream {} lost, reading it again: {}", topic, e.toString());
                    pause(++failures);
                }
            }
        }
    }

    private boolean open() {
        return closed.getCount() > 0;
    }

    private void read() {
        try (var consumer = consumer()) {
            reading = consumer;
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            var beginnings = consumer.beginningOffsets(partitions);
            partitions.forEach(one -> consumer.seek(one, Math.max(beginnings.get(one), ends.get(one) - last)));
            while (open()) {
                caughtUp = caughtUp || reached(consumer, ends);
                consumer.poll(POLL).forEach(this::tell);
            }
        }
    }

    private static boolean reached(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void tell(ConsumerRecord<String, byte[]> incoming) {
        try {
            listener.accept(CloudEvents.parse(incoming.headers(), incoming.value()));
        } catch (DsgException e) {
            LOG.warn("passed over {}-{}@{}: {}", topic, incoming.partition(), incoming.offset(), e.toString());
        }
    }

    private void pause(int failures) {
        try {
            var pause =
                    RECONNECT.after(failures, () -> ThreadLocalRandom.current().nextLong());
            closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        var config = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(brokers.with(config), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
