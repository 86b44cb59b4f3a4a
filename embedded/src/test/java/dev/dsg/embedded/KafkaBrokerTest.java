package dev.dsg.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaBrokerTest {

    @TempDir
    private Path directory;

    @Test
    void shouldKeepRecordsAndShareGroupStateOverARestart() throws Exception {
        // Given a topic with two records, the first of them accepted
        try (var broker = KafkaBroker.start(directory, 0)) {
            createTopicAndGroup(broker);
            send(broker, "first");
            assertThat(take(broker, 1)).containsExactly("first");
            send(broker, "second");
        }

        // When the broker is started again on the same directory, on other ports
        try (var broker = KafkaBroker.start(directory, 0)) {
            // Then only the second is still to be done
            assertThat(take(broker, 1)).containsExactly("second");
        }
    }

    @Test
    void shouldBeFoundByAHostNameWhenItHasOne() throws Exception {
        // Given
        try (var broker = KafkaBroker.start(directory, 0, "localhost");
                var admin = Admin.create(Map.of(
                        "bootstrap.servers", InetAddress.getLocalHost().getHostAddress() + ":" + broker.port()))) {
            // When
            var nodes = admin.describeCluster().nodes().get();

            // Then
            assertThat(nodes).singleElement().satisfies(node -> {
                assertThat(node.host()).isEqualTo("localhost");
                assertThat(node.port()).isEqualTo(broker.port());
            });
            assertThat(broker.bootstrapServers()).isEqualTo("localhost:" + broker.port());
        }
    }

    @Test
    void shouldAllowLongLocksAndManyDeliveries() throws Exception {
        // Given
        try (var broker = KafkaBroker.start(directory, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            // When
            alterGroup(admin, "share.record.lock.duration.ms", "3600000");
            alterGroup(admin, "share.delivery.count.limit", "25");

            // Then: the broker hears of its controller's decisions a moment later
            await().untilAsserted(() -> {
                var group = new ConfigResource(ConfigResource.Type.GROUP, "workers");
                var config = admin.describeConfigs(List.of(group)).all().get().get(group);
                assertThat(config.get("share.record.lock.duration.ms").value()).isEqualTo("3600000");
                assertThat(config.get("share.delivery.count.limit").value()).isEqualTo("25");
            });
        }
    }

    @Test
    void shouldRefuseAPortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            assertThatThrownBy(() -> KafkaBroker.start(directory, port)).hasMessageContaining("port " + port);
        }
    }

    private static void createTopicAndGroup(KafkaBroker broker) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("tasks", 1, (short) 1)))
                    .all()
                    .get();
            alterGroup(admin, "share.auto.offset.reset", "earliest");
        }
    }

    private static void alterGroup(Admin admin, String name, String value) throws Exception {
        var group = new ConfigResource(ConfigResource.Type.GROUP, "workers");
        var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(group, List.of(change))).all().get();
    }

    private static void send(KafkaBroker broker, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("tasks", value)).get();
        }
    }

    private static List<String> take(KafkaBroker broker, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "workers",
                "share.acknowledgement.mode", "explicit");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("tasks"));
            var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                    values.add(record.value());
                }
                consumer.commitSync();
            }
        }
        return values;
    }
}
