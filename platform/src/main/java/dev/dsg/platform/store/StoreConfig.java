package dev.dsg.platform.store;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.retry.Backoff;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the store is and how patient to be with it.
 *
 * @param endpoint address of the server
 * @param region what requests are signed for
 * @param accessKey who we are
 * @param secretKey how we prove it; never printed
 * @param bucket where all objects lie
 * @param authority certificates in PEM of who may sign the server's; none = those that Java trusts
 * @param timeout the longest wait for a connection, or for the next bytes of an answer
 * @param backoff pauses between tries
 * @param deadline after that long, no further try is made
 */
public record StoreConfig(
        URI endpoint,
        String region,
        String accessKey,
        String secretKey,
        String bucket,
        Optional<Path> authority,
        Duration timeout,
        Backoff backoff,
        Duration deadline) {

    /** The region of servers that know no regions. */
    public static final String DEFAULT_REGION = "us-east-1";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));

    /** Refuses missing parts. */
    public StoreConfig {
        Require.present("dsg.store.endpoint", endpoint);
        Require.text("dsg.store.region", region);
        Require.text("dsg.store.access-key", accessKey);
        Require.text("dsg.store.secret-key", secretKey);
        Require.text("dsg.store.bucket", bucket);
        Require.present("dsg.store.ca-file", authority);
        Require.present("timeout", timeout);
        Require.present("backoff", backoff);
        Require.present("deadline", deadline);
    }

    /** A store with the default bucket, region and patience. */
    public static StoreConfig of(URI endpoint, String accessKey, String secretKey) {
        return new StoreConfig(
                endpoint,
                DEFAULT_REGION,
                accessKey,
                secretKey,
                StoreLayout.DEFAULT_BUCKET,
                Optional.empty(),
                TIMEOUT,
                BACKOFF,
                DEADLINE);
    }

    /** The same store, another bucket. */
    public StoreConfig withBucket(String other) {
        return new StoreConfig(endpoint, region, accessKey, secretKey, other, authority, timeout, backoff, deadline);
    }

    /** The same store, requests signed for another region. */
    public StoreConfig withRegion(String other) {
        return new StoreConfig(endpoint, other, accessKey, secretKey, bucket, authority, timeout, backoff, deadline);
    }

    /** The same store, its certificate signed by those whose own are in this file, in PEM. */
    public StoreConfig withAuthority(Path file) {
        return new StoreConfig(
                endpoint, region, accessKey, secretKey, bucket, Optional.of(file), timeout, backoff, deadline);
    }

    /** The same store, its answers waited for longer or shorter. */
    public StoreConfig withTimeout(Duration other) {
        return new StoreConfig(endpoint, region, accessKey, secretKey, bucket, authority, other, backoff, deadline);
    }

    /** The same store, with other patience. */
    public StoreConfig withDeadline(Duration other) {
        return new StoreConfig(endpoint, region, accessKey, secretKey, bucket, authority, timeout, backoff, other);
    }

    /** Where, not who. */
    @Override
    public String toString() {
        return endpoint + "/" + bucket;
    }
}
