package dev.dsg.standalone.system;

import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.KafkaRecordSender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** A line to the store and the broker of a system. */
public final class Connection implements AutoCloseable {

    private static final String SOURCE = "/dsg/standalone";
    private static final Duration STORE_DEADLINE = Duration.ofSeconds(10);
    /** What a busy store may take to check and write the network of a user before it answers. */
    private static final Duration LARGE_FILE = Duration.ofMinutes(3);

    private static final Duration BROKER_DEADLINE = Duration.ofSeconds(10);

    private final Access access;
    private final S3ObjectStore store;
    private final KafkaRecordSender sender;
    private final EventPublisher publisher;

    /** Connects at the first use. */
    public Connection(Access access) {
        this.access = access;
        this.store = new S3ObjectStore(config(access), random());
        this.sender = new KafkaRecordSender(access.kafka(), BROKER_DEADLINE);
        this.publisher = new EventPublisher(sender, SOURCE, InstantSource.system(), BROKER_DEADLINE);
    }

    /** A line to the store alone, on which large files travel. */
    static S3ObjectStore store(Access access) {
        return new S3ObjectStore(config(access).withTimeout(LARGE_FILE), random());
    }

    private static StoreConfig config(Access access) {
        return access.store().withDeadline(STORE_DEADLINE);
    }

    private static RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /** Where it leads. */
    public Access access() {
        return access;
    }

    /** The store. */
    public ObjectStore store() {
        return store;
    }

    /** The way to the broker. */
    public EventPublisher publisher() {
        return publisher;
    }

    @Override
    public void close() {
        sender.close();
        store.close();
    }
}
