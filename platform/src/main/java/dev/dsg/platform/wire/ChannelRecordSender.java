package dev.dsg.platform.wire;

import io.opentelemetry.context.Context;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Sends through the channel {@value #CHANNEL}, whose topic each record names for itself. */
@Singleton
final class ChannelRecordSender implements RecordSender {

    static final String CHANNEL = "dsg-out";

    private final Emitter<byte[]> emitter;

    // Unbounded, for every caller waits for what it sent: the buffer holds a window per thread.
    @Inject
    ChannelRecordSender(@Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) Emitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    @Override
    public CompletionStage<Void> send(ProducerRecord<String, byte[]> outgoing) {
        var kafka = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(outgoing.topic())
                .withKey(outgoing.key())
                .withHeaders(outgoing.headers())
                .build();
        var metadata = Metadata.of(kafka, TracingMetadata.withCurrent(Context.current()));
        var taken = new CompletableFuture<Void>();
        emitter.send(Message.of(
                outgoing.value(),
                metadata,
                () -> {
                    taken.complete(null);
                    return CompletableFuture.completedStage(null);
                },
                failure -> {
                    taken.completeExceptionally(failure);
                    return CompletableFuture.completedStage(null);
                }));
        return taken;
    }
}
