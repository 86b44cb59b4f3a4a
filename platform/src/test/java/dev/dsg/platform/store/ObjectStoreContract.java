package dev.dsg.platform.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system needs of any object store. A new implementation or server passes all of this or is of no use. */
abstract class ObjectStoreContract {

    private static final int RACERS = 8;

    private final String folder = "test/" + UUID.randomUUID() + "/";

    @TempDir
    private Path directory;

    /** The store under test. */
    protected abstract ObjectStore store();

    /** Replaces an object behind the store's back. */
    protected abstract void tamper(ObjectKey key, byte[] content) throws Exception;

    @Test
    void shouldGiveBackWhatWasPut() {
        // When
        var put = store().putIfAbsent(key("a"), text("hello"));

        // Then
        assertThat(put.created()).isTrue();
        assertThat(put.ref()).isEqualTo(ObjectRef.of(key("a"), "hello".getBytes(UTF_8)));
        assertThat(store().getBytes(put.ref())).asString(UTF_8).isEqualTo("hello");
        assertThat(store().find(key("a"))).contains(put.ref());
        assertThat(store().read(key("a")).orElseThrow().bytes()).asString(UTF_8).isEqualTo("hello");
    }

    @Test
    void shouldKeepEmptyObjects() {
        var put = store().putIfAbsent(key("empty"), text(""));
        assertThat(store().getBytes(put.ref())).isEmpty();
    }

    @Test
    void shouldNeverOverwrite() {
        // Given
        var first = store().putIfAbsent(key("a"), text("first"));

        // When
        var second = store().putIfAbsent(key("a"), text("second"));

        // Then the second is told what is there
        assertThat(second).isEqualTo(new Put(false, first.ref()));
        assertThat(store().getBytes(first.ref())).asString(UTF_8).isEqualTo("first");
    }

    @Test
    void shouldLetOneOfManyCreate() throws Exception {
        // When
        var puts = race(i -> store().putIfAbsent(key("race"), text("racer " + i)));

        // Then one created it, and all know by whom
        assertThat(puts.stream().filter(Put::created)).hasSize(1);
        assertThat(puts.stream().map(Put::ref).distinct()).hasSize(1);
        var winner = puts.stream().map(Put::created).toList().indexOf(true);
        assertThat(store().getBytes(puts.getFirst().ref())).asString(UTF_8).isEqualTo("racer " + winner);
    }

    @Test
    void shouldLetOneOfManyReplace() throws Exception {
        // Given
        store().putIfAbsent(key("state"), text("0"));
        var seen = store().read(key("state")).orElseThrow();

        // When
        var replaced = race(i -> store().compareAndSet(key("state"), text("racer " + i), seen.etag()));

        // Then
        assertThat(replaced.stream().filter(won -> won)).hasSize(1);
        assertThat(store().read(key("state")).orElseThrow().bytes())
                .asString(UTF_8)
                .isEqualTo("racer " + replaced.indexOf(true));
    }

    @Test
    void shouldLoseNoUpdateUnderCompareAndSet() throws Exception {
        // Given a counter
        store().putIfAbsent(key("counter"), text("0"));

        // When eight add one to it, five times each
        race(_ -> {
            for (int i = 0; i < 5; i++) {
                increment();
            }
            return null;
        });

        // Then
        assertThat(store().read(key("counter")).orElseThrow().bytes())
                .asString(UTF_8)
                .isEqualTo("40");
    }

    @Test
    void shouldReplaceNothingThatIsNotThere() {
        assertThat(store().compareAndSet(key("none"), text("x"), new ETag("0123456789abcdef0123456789abcdef")))
                .isFalse();
        assertThat(store().find(key("none"))).isEmpty();
    }

    @Test
    void shouldSayThatAnObjectIsMissing() {
        assertThat(store().read(key("none"))).isEmpty();
        assertThat(store().find(key("none"))).isEmpty();
        var ref = ObjectRef.of(key("none"), new byte[3]);
        assertCorrupt(() -> store().getBytes(ref), "missing");
        assertCorrupt(() -> store().open(ref), "missing");
    }

    @Test
    void shouldDetectTamperedBytes() throws Exception {
        var put = store().putIfAbsent(key("a"), text("genuine"));
        tamper(key("a"), "genuinE".getBytes(UTF_8));
        assertCorrupt(() -> store().getBytes(put.ref()), "sha256");
    }

    @Test
    void shouldDetectTruncationAndGrowth() throws Exception {
        var put = store().putIfAbsent(key("a"), text("genuine"));
        tamper(key("a"), "genuin".getBytes(UTF_8));
        assertCorrupt(() -> store().getBytes(put.ref()), "6 bytes");
        tamper(key("a"), "genuine and more".getBytes(UTF_8));
        assertCorrupt(() -> store().getBytes(put.ref()), "more than 7 bytes");
    }

    @Test
    void shouldDigestObjectsThatOthersPut() throws Exception {
        // Given an object without a recorded digest
        tamper(key("foreign"), "by hand".getBytes(UTF_8));

        // Then
        assertThat(store().find(key("foreign"))).contains(ObjectRef.of(key("foreign"), "by hand".getBytes(UTF_8)));
    }

    @Test
    void shouldStreamFiftyMegabytesInBoundedMemory() throws Exception {
        // Given a file of 50 MB
        var file = largeFile(50);

        // When it is put from the file and streamed back
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        var put = store().putIfAbsent(key("large"), Content.of(file, Content.BINARY));
        var digest = Sha256.newDigest();
        try (var in = store().open(put.ref())) {
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }

        // Then all came, through far less memory than it has bytes
        assertThat(put.ref().size()).isEqualTo(50_000_000);
        assertThat(Sha256.finish(digest)).isEqualTo(put.ref().sha256());
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000_000);
    }

    @Test
    void shouldListWhatLiesBelowAFolder() {
        // Given
        for (var name : List.of("b/2", "b/1", "bb/1", "c")) {
            store().putIfAbsent(key(name), text(name));
        }

        // Then
        assertThat(store().list(folder)).containsExactly(key("b/1"), key("b/2"), key("bb/1"), key("c"));
        assertThat(store().list(folder + "b/")).containsExactly(key("b/1"), key("b/2"));
        assertThat(store().folders(folder)).containsExactly("b", "bb");
        assertThat(store().list(folder + "nothing/")).isEmpty();
    }

    @Test
    void shouldDeleteOneOrAFolder() {
        // Given
        for (var name : List.of("b/1", "b/2", "bb/1")) {
            store().putIfAbsent(key(name), text(name));
        }

        // When
        store().deleteAll(folder + "b/");
        store().delete(key("none"));

        // Then the neighbour with the longer name is still there
        assertThat(store().list(folder)).containsExactly(key("bb/1"));
        store().delete(key("bb/1"));
        assertThat(store().find(key("bb/1"))).isEmpty();
    }

    @Test
    void shouldRefuseFoldersThatLeadElsewhere() {
        for (var path : List.of("", "/", "../", "test/../jobs/", "test", "/etc/", "a//b/")) {
            assertThatThrownBy(() -> store().list(path)).as(path).isInstanceOf(DsgException.class);
            assertThatThrownBy(() -> store().deleteAll(path)).as(path).isInstanceOf(DsgException.class);
        }
    }

    /** The key of a name in this test's own folder. */
    protected final ObjectKey key(String name) {
        return ObjectKey.parse(folder + name);
    }

    /** Content that says something. */
    protected static Content text(String text) {
        return Content.of(text.getBytes(UTF_8), Content.JSON);
    }

    private void increment() {
        for (var done = false; !done; ) {
            var seen = store().read(key("counter")).orElseThrow();
            var next = Integer.parseInt(new String(seen.bytes(), UTF_8)) + 1;
            done = store().compareAndSet(key("counter"), text(Integer.toString(next)), seen.etag());
        }
    }

    private Path largeFile(int megabytes) throws IOException {
        var file = directory.resolve("large.bin");
        var random = new Random(1);
        var chunk = new byte[1_000_000];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < megabytes; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        return file;
    }

    private static void assertCorrupt(ThrowingCallable reading, String saying) {
        assertThatThrownBy(reading)
                .hasMessageContaining(saying)
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_OBJECT));
    }

    /** Runs eight at once and gives their results in order. */
    protected static <T> List<T> race(Racer<T> racer) throws Exception {
        var start = new CyclicBarrier(RACERS);
        var racers = new ArrayList<Callable<T>>();
        for (int i = 0; i < RACERS; i++) {
            var number = i;
            racers.add(() -> {
                start.await();
                return racer.run(number);
            });
        }
        try (var executor = Executors.newFixedThreadPool(RACERS)) {
            var results = new ArrayList<T>();
            for (var future : executor.invokeAll(racers)) {
                results.add(future.get());
            }
            return results;
        }
    }

    /** One of those that race. */
    protected interface Racer<T> {
        /** Runs. */
        T run(int number) throws Exception;
    }
}
