package dev.dsg.platform.queue;

import dev.dsg.contracts.message.Message;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.KafkaAccess;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The workers of a service: started with its settings, stopped together. */
@Singleton
public class ShareWorkers {

    private final WorkerSettings settings;
    private final EventPublisher publisher;
    private final MeterRegistry meters;
    private final List<ShareWorker> workers = new CopyOnWriteArrayList<>();

    @Inject
    ShareWorkers(
            KafkaAccess kafka,
            @ConfigProperty(name = "dsg.workers.slots", defaultValue = "1") int slots,
            @ConfigProperty(name = "dsg.workers.delivery-limit", defaultValue = "5") int deliveryLimit,
            @ConfigProperty(name = "dsg.workers.grace", defaultValue = "PT20S") Duration grace,
            EventPublisher publisher,
            MeterRegistry meters) {
        this.settings = new WorkerSettings(kafka, slots, deliveryLimit, WorkerSettings.BACKOFF, grace);
        this.publisher = publisher;
        this.meters = meters;
    }

    /** Begins to take messages from a queue; call when the service has started. */
    public <M extends Message> void start(Queue<M> queue, TaskHandler<M> handler) {
        workers.add(ShareWorker.start(queue, handler, settings, publisher, meters));
    }

    /** Whether all workers work; so it is before the first is started. */
    public boolean alive() {
        return workers.stream().allMatch(ShareWorker::alive);
    }

    /**
     * Stops all workers and waits for them, see {@link ShareWorker#close}. Call when the service is told to stop, while it
     * can still send messages.
     */
    @PreDestroy
    public void stop() {
        workers.forEach(ShareWorker::drain);
        workers.forEach(ShareWorker::close);
    }
}
