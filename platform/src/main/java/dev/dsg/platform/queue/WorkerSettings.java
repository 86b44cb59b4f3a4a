package dev.dsg.platform.queue;

import dev.dsg.contracts.error.Require;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;

/**
 * How a worker works.
 *
 * @param kafka the brokers
 * @param slots how many messages it acts on at once
 * @param deliveryLimit a message delivered more often is dead-lettered, not run
 * @param backoff how long a message is held back before it is released, by how often it was delivered
 * @param grace how long a running handler may go on after the worker was told to stop
 */
public record WorkerSettings(KafkaAccess kafka, int slots, int deliveryLimit, Backoff backoff, Duration grace) {

    /** The usual number of slots. */
    public static final int SLOTS = 1;
    /** The usual limit of deliveries; {@link TopicAdmin} sets the broker's own well above. */
    public static final int DELIVERY_LIMIT = 5;
    /** The usual back-off. */
    public static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
    /** The usual grace. */
    public static final Duration GRACE = Duration.ofSeconds(20);

    /** Refuses numbers that make no sense. */
    public WorkerSettings {
        Require.present("kafka", kafka);
        Require.within("dsg.workers.slots", slots, 1, 1024);
        Require.within("dsg.workers.delivery-limit", deliveryLimit, 1, TopicAdmin.BROKER_DELIVERY_LIMIT / 2);
        Require.present("backoff", backoff);
        Require.present("dsg.workers.grace", grace);
    }

    /** The usual settings, for brokers that ask nobody who they are. */
    public static WorkerSettings of(String bootstrapServers) {
        return new WorkerSettings(KafkaAccess.of(bootstrapServers), SLOTS, DELIVERY_LIMIT, BACKOFF, GRACE);
    }
}
