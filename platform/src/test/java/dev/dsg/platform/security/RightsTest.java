package dev.dsg.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.platform.queue.Queue;
import dev.dsg.platform.queue.ShareWorker;
import dev.dsg.platform.queue.TopicAdmin;
import dev.dsg.platform.queue.WorkerSettings;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.platform.wire.KafkaRecordSender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The documented table of rights on a real broker: each service can do its work, and nothing beside it. */
@Timeout(120)
final class RightsTest {

    private static final String PASSWORD = "of-the-user";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JobId JOB = JobId.parse("j");

    /** What each service does, as its code says: independent of the table. */
    private enum Service {
        GENERATOR(
                List.of(Queue.JOBS, Queue.SYNTHESIS),
                Set.of(),
                Set.of(Topics.SYNTHESIS_TASKS, Topics.BATCHES, Topics.JOB_EVENTS, Topics.DEAD_LETTERS)),
        QUANTIZER(
                List.of(Queue.QUANTIZATION),
                Set.of(Topics.BATCHES),
                Set.of(Topics.QUANTIZATION_TASKS, Topics.EVALUATION_TASKS, Topics.JOB_EVENTS, Topics.DEAD_LETTERS)),
        EVALUATOR(List.of(Queue.EVALUATION), Set.of(), Set.of(Topics.REPORTS, Topics.JOB_EVENTS, Topics.DEAD_LETTERS)),
        GATEWAY(
                List.of(),
                Set.of(
                        Topics.JOBS,
                        Topics.SYNTHESIS_TASKS,
                        Topics.QUANTIZATION_TASKS,
                        Topics.EVALUATION_TASKS,
                        Topics.JOB_EVENTS,
                        Topics.REPORTS),
                Set.of());

        private final List<Queue<?>> works;
        private final Set<String> reads;
        private final Set<String> writes;

        Service(List<Queue<?>> works, Set<String> reads, Set<String> writes) {
            this.works = works;
            this.reads = reads;
            this.writes = writes;
        }

        KafkaAccess access() {
            return broker.as(name().toLowerCase(Locale.ROOT), PASSWORD);
        }
    }

    @TempDir
    private static Path folder;

    private static SecuredBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = SecuredBroker.scram(folder);
        var rules = Rights.read();
        rules.stream().map(Rights::user).distinct().forEach(user -> broker.add(user, PASSWORD));
        broker.allow(rules);
        // As the topics job of an installation does it, with its rights.
        try (var topics = new TopicAdmin(broker.as("topics", PASSWORD))) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                topics.create();
                return true;
            });
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetAServiceTakeItsTasks(Service service) throws InterruptedException {
        for (var queue : service.works) {
            try (var sender = new KafkaRecordSender(service.access(), PATIENCE);
                    var chief = new KafkaRecordSender(administrator(), PATIENCE)) {
                // Given
                var taken = new CountDownLatch(1);
                var worker = ShareWorker.start(
                        queue, _ -> taken.countDown(), settings(service), publisher(sender), new SimpleMeterRegistry());

                // When
                publisher(chief).publish(task(queue));

                // Then
                assertThat(taken.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("%s works on %s", service, queue)
                        .isTrue();
                worker.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetAServiceWriteWhatItSaysAndNothingElse(Service service) {
        try (var sender = new KafkaRecordSender(service.access(), PATIENCE)) {
            for (var topic : Topics.ALL) {
                var said = sender.send(new ProducerRecord<>(topic, "j", new byte[0]))
                        .toCompletableFuture();
                if (service.writes.contains(topic)) {
                    assertThat(said).as("%s to %s", service, topic).succeedsWithin(PATIENCE);
                } else {
                    assertThat(said)
                            .as("%s to %s", service, topic)
                            .failsWithin(PATIENCE)
                            .withThrowableThat()
                            .withCauseInstanceOf(AuthorizationException.class);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetAServiceReadWhatItNeedsAndNothingElse(Service service) {
        var needed = new ArrayList<>(service.reads);
        service.works.forEach(queue -> needed.add(queue.topic()));
        for (var topic : Topics.ALL) {
            try (var consumer = consumer(service.access(), Map.of())) {
                consumer.assign(List.of(new TopicPartition(topic, 0)));
                consumer.seekToBeginning(consumer.assignment());
                if (needed.contains(topic)) {
                    consumer.poll(Duration.ofMillis(200));
                    assertThat(consumer.position(new TopicPartition(topic, 0), PATIENCE))
                            .isNotNegative();
                } else {
                    assertThatThrownBy(() -> consumer.poll(PATIENCE))
                            .as("%s from %s", service, topic)
                            .isInstanceOf(TopicAuthorizationException.class);
                }
            }
        }
    }

    @Test
    void shouldLetTheQuantizerHearOfBatches() {
        try (var consumer = consumer(Service.QUANTIZER.access(), Map.of("group.id", "dsg-collector"))) {
            consumer.subscribe(List.of(Topics.BATCHES));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
        }
    }

    @Test
    void shouldLetTheGatewayAloneSeeHowLongEveryQueueIs() throws Exception {
        try (var admin = Admin.create(Service.GATEWAY.access().settings())) {
            assertThat(admin.describeTopics(Topics.QUEUES.values())
                            .allTopicNames()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasSize(Topics.QUEUES.size());
            for (var group : Topics.QUEUES.keySet()) {
                assertThat(admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                                .partitionsToOffsetInfo(group))
                        .succeedsWithin(PATIENCE);
            }
        }
        try (var admin = Admin.create(Service.EVALUATOR.access().settings())) {
            assertThat(admin.listShareGroupOffsets(Map.of(Topics.PLANNER_GROUP, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(Topics.PLANNER_GROUP))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(GroupAuthorizationException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetNoServiceMakeOrDeleteTopics(Service service) {
        try (var admin = Admin.create(service.access().settings())) {
            assertThat(admin.createTopics(List.of(new NewTopic("dsg.more", 1, (short) 1)))
                            .all())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(KafkaException.class)
                    .withMessageContaining("uthoriz");
            assertThat(admin.deleteTopics(List.of(Topics.JOBS)).all())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static KafkaAccess administrator() {
        return broker.administrator();
    }

    private static WorkerSettings settings(Service service) {
        return new WorkerSettings(
                service.access(),
                WorkerSettings.SLOTS,
                WorkerSettings.DELIVERY_LIMIT,
                WorkerSettings.BACKOFF,
                WorkerSettings.GRACE);
    }

    private static EventPublisher publisher(KafkaRecordSender sender) {
        return new EventPublisher(sender, "/dsg/test", InstantSource.system(), PATIENCE);
    }

    private static Message task(Queue<?> queue) {
        var ref = ObjectRef.of(ObjectKey.parse("x"), new byte[1]);
        return switch (queue.topic()) {
            case Topics.JOBS -> new JobCancelled(JOB, "no need");
            case Topics.SYNTHESIS_TASKS -> new SynthesisTask(JOB, 0);
            case Topics.QUANTIZATION_TASKS -> new QuantizationTask(JOB);
            case Topics.EVALUATION_TASKS -> new EvaluationTask(JOB, ref);
            default -> throw new IllegalArgumentException(queue.topic());
        };
    }

    private static KafkaConsumer<String, byte[]> consumer(KafkaAccess access, Map<String, ?> own) {
        return new KafkaConsumer<>(access.with(own), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
