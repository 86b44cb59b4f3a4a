package dev.dsg.gateway.backlog;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Asks the broker how far each share group is.
 *
 * <p>The broker counts as lag what is neither acknowledged nor given up: a message in the hands of a worker still counts,
 * so a pod that is busy with the last one is not taken for idle. A group that no worker ever joined has no lag; it will
 * begin at the beginning, so all that its topic holds is its backlog, and the first pod is started by it.
 *
 * <p>For use by one thread.
 */
final class BacklogProbe implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Admin admin;
    private final KafkaConsumer<String, byte[]> consumer;

    /** Connects when first used. */
    BacklogProbe(KafkaAccess brokers) {
        admin = Admin.create(brokers.settings());
        var config = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        consumer = new KafkaConsumer<>(brokers.with(config), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The backlogs of all queues.
     *
     * @return by topic
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not say in time
     */
    Map<String, Backlog> read() {
        var partitions = partitions();
        var beginnings = offsets(partitions, OffsetSpec.earliest());
        var ends = offsets(partitions, OffsetSpec.latest());
        Map<String, Backlog> backlogs = new HashMap<>();
        Topics.QUEUES.forEach((group, topic) -> {
            var known = positions(group);
            var parts = new ArrayList<Backlog>();
            for (var partition : partitions) {
                if (partition.topic().equals(topic)) {
                    parts.add(backlog(partition, known, beginnings.get(partition), ends.get(partition)));
                }
            }
            backlogs.put(topic, sum(parts));
        });
        return backlogs;
    }

    private Backlog backlog(
            TopicPartition partition, Map<TopicPartition, SharePartitionOffsetInfo> known, long beginning, long end) {
        var position = Optional.ofNullable(known.get(partition)).filter(info -> info.startOffset() >= 0);
        long start = Math.max(
                beginning, position.map(SharePartitionOffsetInfo::startOffset).orElse(beginning));
        long depth = position.flatMap(SharePartitionOffsetInfo::lag)
                .filter(lag -> lag >= 0)
                .orElse(Math.max(0, end - start));
        return depth == 0 ? Backlog.NONE : new Backlog(depth, sent(partition, start));
    }

    private static Backlog sum(List<Backlog> parts) {
        return new Backlog(
                parts.stream().mapToLong(Backlog::depth).sum(),
                parts.stream().flatMap(part -> part.oldest().stream()).min(Instant::compareTo));
    }

    /** When the first message that is not done was sent. */
    private Optional<Instant> sent(TopicPartition partition, long start) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        for (var first : consumer.poll(READ)) {
            return Optional.of(Instant.ofEpochMilli(first.timestamp()));
        }
        return Optional.empty();
    }

    private List<TopicPartition> partitions() {
        var partitions = new ArrayList<TopicPartition>();
        await(admin.describeTopics(Topics.QUEUES.values()).allTopicNames()).forEach((topic, description) -> description
                .partitions()
                .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, which));
        var offsets = new HashMap<TopicPartition, Long>();
        await(admin.listOffsets(asked).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private Map<TopicPartition, SharePartitionOffsetInfo> positions(String group) {
        var result = admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()));
        try {
            return answer(result.partitionsToOffsetInfo(group));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw unavailable(e.getCause());
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return answer(future);
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        }
    }

    private static <T> T answer(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static DsgException unavailable(Throwable cause) {
        return new DsgException(
                ErrorCode.BROKER_UNAVAILABLE, "the broker does not say how long the queues are: " + cause, cause);
    }

    @Override
    public void close() {
        try {
            consumer.close();
            admin.close(CLOSE);
        } catch (KafkaException e) {
            // Interrupted, or the broker is away: there is nothing to say to it anyway.
        }
    }
}
