package dev.dsg.quantizer;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.Message;
import dev.dsg.platform.queue.DeadLetters;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Trace;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The stream of batches: each event is a reason to look after its job.
 *
 * <p>An event is never tried again. One that cannot be read is dead-lettered; one that came while store or broker were
 * away is forgotten, for the {@link Sweep} looks after its job anyway.
 */
@Singleton
final class BatchEvents {

    private static final Logger LOG = LoggerFactory.getLogger(BatchEvents.class);

    private final BatchCollector collector;
    private final DeadLetters deadLetters;

    BatchEvents(BatchCollector collector, EventPublisher publisher) {
        this.collector = collector;
        this.deadLetters = new DeadLetters(publisher, InstantSource.system());
    }

    @Incoming("batches")
    @Blocking
    void hear(ConsumerRecord<String, byte[]> incoming) {
        MDC.put("stage", "collection");
        try (var _ = Trace.joined(incoming).makeCurrent()) {
            collect(incoming);
        } finally {
            MDC.clear();
        }
    }

    private void collect(ConsumerRecord<String, byte[]> incoming) {
        try {
            BatchReady ready = parse(incoming);
            MDC.put("jobId", ready.jobId().value());
            collector.collect(ready.jobId());
        } catch (DsgException e) {
            MDC.put("errorCode", e.code().name());
            if (e.code().retryable()) {
                LOG.warn("event passed over: {}", e.getMessage());
            } else {
                deadLetters.write(incoming, e);
                LOG.error("event dead-lettered", e);
            }
        }
    }

    private static BatchReady parse(ConsumerRecord<String, byte[]> incoming) {
        Message message = CloudEvents.parse(incoming.headers(), incoming.value());
        if (message instanceof BatchReady ready) {
            return ready;
        }
        throw new DsgException(
                ErrorCode.MALFORMED_MESSAGE,
                CloudEvents.TYPE,
                message.type().ceType(),
                "a message of " + incoming.topic());
    }
}
