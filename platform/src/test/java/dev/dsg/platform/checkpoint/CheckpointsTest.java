package dev.dsg.platform.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.embedded.S3Server;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.S3ObjectStore;
import dev.dsg.platform.store.StoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** On a real store. */
final class CheckpointsTest {

    private static final Fingerprint OURS = new Fingerprint(digest("model"), digest("spec"), 7, "trainer 1.0");
    private static final BatchStream STREAM = BatchStream.EMPTY.then(digest("batch"));

    @TempDir
    private static Path directory;

    private static S3Server server;
    private static S3ObjectStore store;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private JobId job;

    @BeforeAll
    static void start() {
        server = S3Server.start(directory, 0, "access", "secret", "dsg");
        store = new S3ObjectStore(StoreConfig.of(URI.create(server.endpoint()), "access", "secret"), new Random());
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        job = JobId.parse(test.getTestMethod().orElseThrow().getName());
    }

    @Test
    void shouldGoOnWhereTheLastWorkerStopped() {
        // Given
        var first = checkpoints();
        assertThat(first.latest()).isEmpty();
        assertThat(first.commit(100, bytes("100"), null)).isTrue();
        assertThat(first.commit(200, bytes("200"), STREAM)).isTrue();

        // When
        var found = checkpoints().latest().orElseThrow();

        // Then
        assertThat(found.position()).isEqualTo(200);
        assertThat(found.content()).asString(UTF_8).isEqualTo("200");
        assertThat(found.stream()).isEqualTo(STREAM);
        assertThat(Checkpoints.position(store, job, "student")).contains(200);
        assertThat(Checkpoints.position(store, job, "generator")).isEmpty();
    }

    @Test
    void shouldKeepTheLatestContentOnly() {
        // Given somebody who put a checkpoint aside and was killed before it counted
        store.putIfAbsent(StoreLayout.checkpoint(job, "student", 50), Content.of(bytes("50"), Content.BINARY));

        // When
        var checkpoints = checkpoints();
        checkpoints.commit(100, bytes("100"), null);
        checkpoints.commit(200, bytes("200"), null);

        // Then
        assertThat(contents()).containsExactly(StoreLayout.checkpoint(job, "student", 200));
        assertThat(meters.get("dsg.checkpoints").tag("work", "student").timer().count())
                .isEqualTo(2);
        assertThat(meters.get("dsg.checkpoints.size").summary().totalAmount()).isEqualTo(6);
    }

    @Test
    void shouldUseWhatAKilledWorkerPutAside() {
        // Given one that was killed between the two steps of a checkpoint
        var killed = checkpoints();
        killed.commit(100, bytes("100"), null);
        store.putIfAbsent(StoreLayout.checkpoint(job, "student", 200), Content.of(bytes("200"), Content.BINARY));

        // When another goes on from the one before, and comes to the same place
        var other = checkpoints();
        assertThat(other.latest().orElseThrow().position()).isEqualTo(100);
        assertThat(other.commit(200, bytes("200"), null)).isTrue();

        // Then
        assertThat(checkpoints().latest().orElseThrow().content())
                .asString(UTF_8)
                .isEqualTo("200");
    }

    @Test
    void shouldNotLetAWorkerThatWasGivenUpOverwriteItsSuccessor() {
        // Given one that was given up, and whoever went on in its place, past it
        var zombie = checkpoints();
        zombie.latest();
        zombie.commit(100, bytes("100"), null);
        var successor = checkpoints();
        successor.latest();
        successor.commit(150, bytes("150"), null);

        // When the first comes to its next checkpoint, and tries again later
        assertThat(zombie.commit(200, bytes("200"), null)).isFalse();
        successor.commit(250, bytes("250"), null);
        assertThat(zombie.commit(300, bytes("300"), null)).isFalse();

        // Then nothing that counts was touched
        assertThat(checkpoints().latest().orElseThrow().position()).isEqualTo(250);
        assertThat(successor.commit(350, bytes("350"), null)).isTrue();
        assertThat(contents()).containsExactly(StoreLayout.checkpoint(job, "student", 350));
    }

    @Test
    void shouldNotLetAWorkerThatSawNothingReplaceTheFirstCheckpoint() {
        // Given two who began at once
        var one = checkpoints();
        var other = checkpoints();
        one.latest();
        other.latest();

        // When
        assertThat(one.commit(100, bytes("100"), null)).isTrue();
        assertThat(other.commit(100, bytes("100"), null)).isFalse();

        // Then who lost goes on from what the other left, once it looked
        other.latest();
        assertThat(other.commit(200, bytes("200"), null)).isTrue();
        assertThat(one.commit(200, bytes("200"), null)).isFalse();
    }

    @Test
    void shouldHaveOneWinnerOfARace() throws Exception {
        // Given
        checkpoints().commit(1, bytes("1"), null);

        // When eight who saw the same commit at once, each somewhere else
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var racers = IntStream.rangeClosed(2, 9)
                    .<Callable<Boolean>>mapToObj(position -> {
                        var racer = checkpoints();
                        racer.latest();
                        return () -> racer.commit(position, bytes("at " + position), null);
                    })
                    .toList();
            var won = new ArrayList<Boolean>();
            for (var racer : executor.invokeAll(racers)) {
                won.add(racer.get());
            }

            // Then
            assertThat(won).containsOnlyOnce(true);
            var latest = checkpoints().latest().orElseThrow();
            assertThat(latest.position()).isEqualTo(won.indexOf(true) + 2);
            assertThat(latest.content()).asString(UTF_8).isEqualTo("at " + latest.position());
        }
    }

    @Test
    void shouldRefuseACheckpointOfOtherWorkAndSayWhatDiffers() {
        // Given
        checkpoints().commit(100, bytes("100"), null);

        // When
        var other = new Fingerprint(OURS.model(), digest("another spec"), 8, "trainer 1.0");
        var refused = new Checkpoints(store, job, "student", other, meters);

        // Then
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(refused::latest)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FOREIGN_CHECKPOINT))
                .withMessage("checkpoint student is of other work: spec is %s, expected %s; seed is 7, expected 8"
                        .formatted(digest("spec"), digest("another spec")));
    }

    @Test
    void shouldRefuseToMixInWhatOtherWorkPutAside() {
        // Given
        store.putIfAbsent(StoreLayout.checkpoint(job, "student", 100), Content.of(bytes("other"), Content.BINARY));

        // When / Then
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> checkpoints().commit(100, bytes("100"), null))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FOREIGN_CHECKPOINT));
        assertThat(checkpoints().latest()).isEmpty();
    }

    @Test
    void shouldSayThatAContentIsGone() {
        // Given
        checkpoints().commit(100, bytes("100"), null);
        store.delete(StoreLayout.checkpoint(job, "student", 100));

        // When / Then
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(checkpoints()::latest)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_OBJECT));
    }

    @Test
    void shouldWaitUntilTheOtherWorkerIsQuiet() throws Exception {
        // Given one that makes four checkpoints in two seconds
        var other = checkpoints();
        other.commit(1, bytes("1"), null);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(() -> {
                for (int position = 2; position <= 5; position++) {
                    Thread.sleep(500);
                    other.commit(position, bytes("at " + position), null);
                }
                return null;
            });

            // When
            var begin = System.nanoTime();
            checkpoints().awaitQuiet(Duration.ofMillis(1_500), () -> false);

            // Then
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(3_000), Duration.ofSeconds(10));
            assertThat(Checkpoints.position(store, job, "student")).contains(5);
        }
    }

    @Test
    void shouldNotWaitLongerThanNeedBe() throws Exception {
        // Given
        var asked = new int[1];

        // When
        var begin = System.nanoTime();
        checkpoints().awaitQuiet(Duration.ofMinutes(1), () -> ++asked[0] == 2);

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void shouldLeaveNothingWhenCleared() {
        // Given
        var checkpoints = checkpoints();
        checkpoints.commit(100, bytes("100"), null);

        // When
        checkpoints.clear();

        // Then there is nothing, and whoever is still at work cannot bring it back
        assertThat(store.list(StoreLayout.JOBS + job + "/")).isEmpty();
        assertThat(checkpoints.commit(200, bytes("200"), null)).isFalse();
    }

    private Checkpoints checkpoints() {
        return new Checkpoints(store, job, "student", OURS, meters);
    }

    private Iterable<ObjectKey> contents() {
        return store.list(StoreLayout.checkpoints(job, "student"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Sha256 digest(String text) {
        return Sha256.digest(bytes(text));
    }
}
