package dev.dsg.standalone.system;

import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.wire.KafkaAccess;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How to reach a system.
 *
 * @param bootstrapServers the broker, as {@code host:port}
 * @param endpoint the object store
 * @param accessKey who we are to the store
 * @param secretKey how we prove it
 * @param bucket where all objects lie
 */
public record Access(String bootstrapServers, URI endpoint, String accessKey, String secretKey, String bucket) {

    private static final int SECRET_BYTES = 16;

    /** Fresh credentials for servers that do not listen yet. */
    static Access create(SecureRandom random) {
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        var key = HexFormat.of().formatHex(secret);
        return new Access("", URI.create(""), "dsg", key, StoreLayout.DEFAULT_BUCKET);
    }

    /** The same credentials, servers that listen on these ports of the loopback address. */
    Access at(int broker, int store) {
        return new Access("127.0.0.1:" + broker, URI.create("http://127.0.0.1:" + store), accessKey, secretKey, bucket);
    }

    /** What clients of the broker are made with. */
    public KafkaAccess kafka() {
        return KafkaAccess.of(bootstrapServers);
    }

    /** Where, not who. */
    @Override
    public String toString() {
        return bootstrapServers + ", " + endpoint;
    }
}
