package dev.dsg.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in KRaft combined mode, with share groups on; unless told otherwise on the loopback address.
 *
 * <p>Its directory holds all it knows: started again on the same directory it has every topic, record and group of
 * before, also after a kill. It uses classes of the broker that are not public API; they are touched here and nowhere
 * else.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final String NODE_ID = "1";

    private final KafkaRaftServer server;
    private final String host;
    private final int port;

    private KafkaBroker(KafkaRaftServer server, String host, int port) {
        this.server = server;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a broker for this machine and returns once it serves clients.
     *
     * @param directory where it keeps everything; made when absent
     * @param port the port to listen on, or 0 for a free one
     * @throws IllegalStateException when the directory cannot be used or the broker does not start
     */
    public static KafkaBroker start(Path directory, int port) {
        return start(directory, port, ServerProcess.LOOPBACK);
    }

    /** As {@link #start(Path, int)}, asking clients who they are. */
    public static KafkaBroker start(Path directory, int port, BrokerSecurity security) {
        return start(directory, port, ServerProcess.LOOPBACK, Optional.of(security));
    }

    /** As {@link #start(Path, int)}, for clients anywhere that find it by a host name; it asks nobody who they are. */
    static KafkaBroker start(Path directory, int port, String host) {
        return start(directory, port, host, Optional.empty());
    }

    private static KafkaBroker start(Path directory, int port, String host, Optional<BrokerSecurity> security) {
        var ports = FreePorts.pick(port);
        try {
            format(directory, security.map(BrokerSecurity::credentials).orElse(List.of()));
            var config = KafkaConfig.fromProps(settings(directory, ports, host, security), false);
            var server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            return new KafkaBroker(server, host, ports.first());
        } catch (Exception e) {
            throw new IllegalStateException("the broker did not start on " + directory, e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** What a client needs to find it, as {@code host:port}. */
    public String bootstrapServers() {
        return host + ":" + port;
    }

    /** Stops in order and returns when all is on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory, List<String> credentials) throws Exception {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(Integer.parseInt(NODE_ID))
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .setIgnoreFormatted(true)
                .setScramArguments(credentials)
                .run();
    }

    private static Properties settings(
            Path directory, FreePorts.Pair ports, String host, Optional<BrokerSecurity> security) throws IOException {
        var settings = new Properties();
        try (var defaults = KafkaBroker.class.getResourceAsStream("broker.properties")) {
            settings.load(defaults);
        }
        security.ifPresent(known -> settings.putAll(known.settings()));
        var client = settings.getProperty("inter.broker.listener.name") + "://%s:" + ports.first();
        settings.put("node.id", NODE_ID);
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + ports.second());
        settings.put(
                "listeners",
                client.formatted(ServerProcess.listening(host)) + ",CONTROLLER://127.0.0.1:" + ports.second());
        settings.put("advertised.listeners", client.formatted(host));
        settings.put("log.dirs", directory.toString());
        return settings;
    }
}
