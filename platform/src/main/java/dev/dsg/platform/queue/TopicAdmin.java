package dev.dsg.platform.queue;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Prepares a broker: all topics, and the share groups of the queues. Can be done again at any time. */
public final class TopicAdmin implements AutoCloseable {

    /**
     * After that many deliveries the broker drops a record silently; the largest that an unconfigured broker allows.
     * Workers dead-letter well before.
     */
    public static final int BROKER_DELIVERY_LIMIT = 10;
    /** How long a record stays locked unless its worker renews; a host that vanished holds its records that long. */
    public static final Duration LOCK = Duration.ofSeconds(30);

    /**
     * A share group hands its partitions out among its members. With one partition all have the same, so every worker sees
     * every message, and that of a dead worker goes to another at once; with more, it waits for the dead one's session to
     * end, and a busy partition waits while the workers of an empty one are idle.
     */
    private static final int QUEUE_PARTITIONS = 1;

    private static final int STREAM_PARTITIONS = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Admin admin;

    /** Connects when first used. */
    public TopicAdmin(KafkaAccess kafka) {
        this.admin = Admin.create(kafka.settings());
    }

    /**
     * Creates what is missing.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not do it in time
     */
    public void create() {
        create(LOCK);
    }

    /** As {@link #create()}, with another time for which a record stays locked, 1 s or more. */
    public void create(Duration lock) {
        createTopics();
        configureGroups(lock);
    }

    @Override
    public void close() {
        admin.close();
    }

    private void createTopics() {
        var topics = Topics.ALL.stream()
                .map(name -> new NewTopic(name, Optional.of(partitions(name)), Optional.empty()))
                .toList();
        for (var created : admin.createTopics(topics).values().values()) {
            try {
                await(created);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw unavailable(e.getCause());
                }
            }
        }
    }

    private static int partitions(String topic) {
        return Topics.QUEUES.containsValue(topic) ? QUEUE_PARTITIONS : STREAM_PARTITIONS;
    }

    private void configureGroups(Duration lock) {
        // Without "earliest" a group would skip what was sent before its first worker came.
        var settings = Stream.of(
                        new ConfigEntry("share.auto.offset.reset", "earliest"),
                        new ConfigEntry("share.record.lock.duration.ms", Long.toString(lock.toMillis())),
                        new ConfigEntry("share.delivery.count.limit", Integer.toString(BROKER_DELIVERY_LIMIT)))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList();
        Map<ConfigResource, Collection<AlterConfigOp>> groups = Topics.QUEUES.keySet().stream()
                .collect(Collectors.toMap(
                        group -> new ConfigResource(ConfigResource.Type.GROUP, group), _ -> List.copyOf(settings)));
        try {
            await(admin.incrementalAlterConfigs(groups).all());
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        }
    }

    private static void await(KafkaFuture<?> future) throws ExecutionException {
        try {
            future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static DsgException unavailable(Throwable cause) {
        return new DsgException(
                ErrorCode.BROKER_UNAVAILABLE, "the broker did not make the topics: " + cause.getMessage(), cause);
    }
}
