package dev.dsg.standalone.job;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What is told of one job. Without a group: whoever watches takes nothing away from others, and leaves no trace. Events
 * may be missed or come twice; the store knows the truth.
 */
public final class JobEvents implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Consumer<String, byte[]> consumer;
    private final JobId job;

    /**
     * Listens to a job.
     *
     * @param since how far back
     */
    public JobEvents(KafkaAccess kafka, JobId job, Instant since) {
        this.job = job;
        this.consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(Topics.JOB_EVENTS, PATIENCE).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        seek(partitions, since);
    }

    /** The events that came within a while, oldest first. */
    public List<JobEvent> poll(Duration atMost) {
        var events = new ArrayList<JobEvent>();
        for (var record : consumer.poll(atMost)) {
            if (job.value().equals(record.key())) {
                event(record).ifPresent(events::add);
            }
        }
        return events;
    }

    private void seek(List<TopicPartition> partitions, Instant since) {
        var times = partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> since.toEpochMilli()));
        consumer.offsetsForTimes(times, PATIENCE).forEach((partition, offset) -> {
            if (offset == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        });
    }

    private static Optional<JobEvent> event(ConsumerRecord<String, byte[]> record) {
        try {
            return CloudEvents.parse(record.headers(), record.value()) instanceof JobEvent event
                    ? Optional.of(event)
                    : Optional.empty();
        } catch (DsgException e) {
            // Somebody wrote to the topic who should not have; it is no reason to stop watching.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
