package dev.dsg.platform.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.embedded.S3Server;
import io.minio.MinioAsyncClient;
import io.minio.PutObjectArgs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over the embedded server, and what is particular to a server at the end of a network. */
final class S3ObjectStoreTest extends ObjectStoreContract {

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static S3ObjectStore store;
    private static MinioAsyncClient raw;

    @BeforeAll
    static void start() {
        server = start(0);
        store = store(server.port());
        raw = MinioAsyncClient.builder()
                .endpoint(server.endpoint())
                .region(StoreConfig.DEFAULT_REGION)
                .credentials("access", "secret")
                .build();
    }

    @AfterAll
    static void stop() {
        raw.close();
        store.close();
        server.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected void tamper(ObjectKey key, byte[] content) {
        raw.putObject(PutObjectArgs.builder()
                        .bucket("dsg")
                        .object(key.toString())
                        .data(content, content.length)
                        .build())
                .join();
    }

    @Test
    void shouldKnowItsOwnPutWhenTheAnswerGotLost() throws Exception {
        // Given a network that loses the first answer after the server has acted
        try (var relay = new LossyRelay(server.port(), 1);
                var store = store(relay.port())) {
            // When
            var put = store.putIfAbsent(key("a"), text("mine"));

            // Then the refusal of the second try is not mistaken for somebody else's object
            assertThat(relay.lost()).isEqualTo(1);
            assertThat(put.created()).isTrue();
        }
    }

    @Test
    void shouldKnowItsOwnReplacementWhenTheAnswerGotLost() throws Exception {
        // Given
        store.putIfAbsent(key("a"), text("old"));
        var seen = store.read(key("a")).orElseThrow();
        try (var relay = new LossyRelay(server.port(), 1);
                var store = store(relay.port())) {
            // When
            var replaced = store.compareAndSet(key("a"), text("new"), seen.etag());

            // Then
            assertThat(relay.lost()).isEqualTo(1);
            assertThat(replaced).isTrue();
        }
    }

    @Test
    void shouldWaitForAServerThatComesBack() throws Exception {
        // Given an object, and a server that went away
        var put = store.putIfAbsent(key("a"), text("kept"));
        var port = server.port();
        server.close();

        // When it is asked for and comes back after a while
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = executor.submit(() -> store.getBytes(put.ref()));
            var writing = executor.submit(() -> store.putIfAbsent(key("b"), text("new")));
            Thread.sleep(Duration.ofSeconds(1));
            assertThat(reading).isNotDone();
            server = start(port);

            // Then both are served
            assertThat(reading.get()).asString(UTF_8).isEqualTo("kept");
            assertThat(writing.get().created()).isTrue();
        }
    }

    @Test
    void shouldGiveUpOnAServerThatStaysAway() {
        try (var impatient = new S3ObjectStore(config(1).withDeadline(Duration.ofMillis(500)), new Random())) {
            assertUnavailable(() -> impatient.read(key("a")));
            assertUnavailable(() -> impatient.putIfAbsent(key("a"), text("x")));
            assertUnavailable(() -> impatient.list("jobs/"));
            assertUnavailable(impatient::ping);
        }
    }

    @Test
    void shouldNotMistakeAMissingBucketForAMissingObject() {
        try (var lost = new S3ObjectStore(config(server.port()).withBucket("no-such-bucket"), new Random())) {
            assertUnavailable(() -> lost.read(key("a")));
            assertUnavailable(lost::ping);
        }
    }

    @Test
    void shouldNotInsistWhenRefused() {
        var wrong = StoreConfig.of(URI.create(server.endpoint()), "access", "guess");
        try (var refused = new S3ObjectStore(wrong, new Random())) {
            var begin = System.nanoTime();
            assertUnavailable(() -> refused.putIfAbsent(key("a"), text("x")));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void shouldReportALifeSign() {
        store.ping();
    }

    @Test
    void shouldNotPrintSecrets() {
        assertThat(config(9000).toString()).contains("9000").doesNotContain("secret");
    }

    private static void assertUnavailable(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(DsgException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }

    private static S3Server start(int port) {
        return S3Server.start(directory, port, "access", "secret", "dsg");
    }

    private static S3ObjectStore store(int port) {
        return new S3ObjectStore(config(port), new Random());
    }

    private static StoreConfig config(int port) {
        return StoreConfig.of(URI.create("http://127.0.0.1:" + port), "access", "secret");
    }
}
