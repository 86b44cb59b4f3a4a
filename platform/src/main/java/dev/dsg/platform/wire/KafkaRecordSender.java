package dev.dsg.platform.wire;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends through a plain producer: for programs without CDI, such as the command line. */
public final class KafkaRecordSender implements RecordSender, AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;

    /**
     * Connects when the first record is sent.
     *
     * @param deadline after that long a record is given up
     */
    public KafkaRecordSender(KafkaAccess kafka, Duration deadline) {
        var timeout = Math.toIntExact(deadline.toMillis());
        this.producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        timeout,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        timeout / 2,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        timeout)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @Override
    public CompletionStage<Void> send(ProducerRecord<String, byte[]> outgoing) {
        var taken = new CompletableFuture<Void>();
        try {
            producer.send(outgoing, (_, failure) -> {
                if (failure == null) {
                    taken.complete(null);
                } else {
                    taken.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            taken.completeExceptionally(e);
        }
        return taken;
    }

    /** Waits a moment for what is under way. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
