package dev.dsg.standalone.system;

import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.KafkaAccess;
import dev.dsg.standalone.SystemProblem;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How to reach a system.
 *
 * @param bootstrapServers the broker, as {@code host:port}
 * @param endpoint the object store
 * @param accessKey who we are to the store
 * @param secretKey how we prove it
 * @param bucket where all objects lie
 * @param security how to speak to both, by the names of the variables that say so to a service; none = in the clear
 */
public record Access(
        String bootstrapServers,
        URI endpoint,
        String accessKey,
        String secretKey,
        String bucket,
        Map<String, String> security) {

    private static final int SECRET_BYTES = 16;
    private static final String AUTHORITY = "DSG_STORE_CA_FILE";
    private static final Pattern SECURITY = Pattern.compile("KAFKA_(SECURITY|SASL|SSL)_\\w+|" + AUTHORITY);

    /** Copies. */
    public Access {
        // Absent in what an older version wrote.
        security = security == null ? Map.of() : Map.copyOf(security);
    }

    /** A system that speaks in the clear. */
    public Access(String bootstrapServers, URI endpoint, String accessKey, String secretKey, String bucket) {
        this(bootstrapServers, endpoint, accessKey, secretKey, bucket, Map.of());
    }

    /** Fresh credentials for servers that do not listen yet. */
    static Access create(SecureRandom random) {
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        var key = HexFormat.of().formatHex(secret);
        return new Access("", URI.create(""), "dsg", key, StoreLayout.DEFAULT_BUCKET);
    }

    /**
     * The system that the environment names as it does for a service, if it does: one that others started, somewhere.
     *
     * @throws SystemProblem when a part is missing
     */
    public static Optional<Access> named(Map<String, String> environment) {
        if (!environment.containsKey("DSG_STORE_ENDPOINT")) {
            return Optional.empty();
        }
        return Optional.of(new Access(
                said(environment, "KAFKA_BOOTSTRAP_SERVERS"),
                URI.create(said(environment, "DSG_STORE_ENDPOINT")),
                said(environment, "DSG_STORE_ACCESS_KEY"),
                said(environment, "DSG_STORE_SECRET_KEY"),
                environment.getOrDefault("DSG_STORE_BUCKET", StoreLayout.DEFAULT_BUCKET),
                security(environment)));
    }

    private static Map<String, String> security(Map<String, String> environment) {
        var security = new TreeMap<>(environment);
        security.keySet().removeIf(name -> !SECURITY.matcher(name).matches());
        return security;
    }

    private static String said(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new SystemProblem(
                        "DSG_STORE_ENDPOINT names a system, but " + name + " is missing in the environment"));
    }

    /** The same credentials, servers that listen on these ports of the loopback address. */
    Access at(int broker, int store) {
        return new Access("127.0.0.1:" + broker, URI.create("http://127.0.0.1:" + store), accessKey, secretKey, bucket);
    }

    /** What clients of the broker are made with. */
    public KafkaAccess kafka() {
        return KafkaAccess.of(bootstrapServers).secured(security);
    }

    /** What clients of the store are made with. */
    StoreConfig store() {
        var config = StoreConfig.of(endpoint, accessKey, secretKey).withBucket(bucket);
        var authority = security.get(AUTHORITY);
        return authority == null ? config : config.withAuthority(Path.of(authority));
    }

    /** Where, not who. */
    @Override
    public String toString() {
        return bootstrapServers + ", " + endpoint;
    }
}
