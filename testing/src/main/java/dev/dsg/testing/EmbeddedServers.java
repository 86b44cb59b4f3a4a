package dev.dsg.testing;

import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.KafkaBroker;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.queue.TopicAdmin;
import dev.dsg.platform.wire.KafkaAccess;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/** A broker with all topics and a store with an empty bucket, for as long as the tests of a service run. */
public final class EmbeddedServers implements QuarkusTestResourceLifecycleManager {

    private static final String ACCESS_KEY = "test-access";
    private static final String SECRET_KEY = "test-secret";

    private Path directory;
    private KafkaBroker broker;
    private S3Server store;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("dsg-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = KafkaBroker.start(directory.resolve("kafka"), 0);
        store = S3Server.start(directory.resolve("s3"), 0, ACCESS_KEY, SECRET_KEY, StoreLayout.DEFAULT_BUCKET);
        try (var topics = new TopicAdmin(KafkaAccess.of(broker.bootstrapServers()))) {
            topics.create();
        }
        return Map.of(
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "dsg.store.endpoint",
                store.endpoint(),
                "dsg.store.access-key",
                ACCESS_KEY,
                "dsg.store.secret-key",
                SECRET_KEY);
    }

    @Override
    public void stop() {
        store.close();
        broker.close();
        delete(directory);
    }

    private static void delete(Path directory) {
        try (var below = Files.walk(directory)) {
            for (var path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
