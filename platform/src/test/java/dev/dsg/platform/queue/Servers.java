package dev.dsg.platform.queue;

import dev.dsg.embedded.S3Server;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A broker and a store beside a service under test. */
public final class Servers implements QuarkusTestResourceLifecycleManager {

    private static BrokerFixture broker;

    private S3Server store;

    /** The broker of the running test. */
    static BrokerFixture broker() {
        return broker;
    }

    @Override
    public Map<String, String> start() {
        try {
            var directory = Files.createTempDirectory(Path.of("target"), "servers");
            broker = new BrokerFixture(directory.resolve("broker"));
            store = S3Server.start(directory.resolve("store"), 0, "access", "secret", "dsg");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "kafka.bootstrap.servers",
                broker.bootstrapServers(),
                "dsg.store.endpoint",
                store.endpoint(),
                "dsg.store.access-key",
                "access",
                "dsg.store.secret-key",
                "secret");
    }

    @Override
    public void stop() {
        store.close();
        broker.close();
    }
}
