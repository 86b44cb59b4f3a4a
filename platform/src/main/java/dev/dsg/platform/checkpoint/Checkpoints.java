package dev.dsg.platform.checkpoint;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.Document;
import dev.dsg.platform.store.ETag;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The checkpoints of one piece of work, as one worker sees them. For use by one thread.
 *
 * <p>What is promised: of all who commit after they have seen the same checkpoint, exactly one succeeds. The content of
 * the latest checkpoint is never deleted, that of those before it is. A worker that is killed at any point leaves a whole
 * checkpoint behind, the one before if not the new one.
 */
public final class Checkpoints {

    private static final Duration GLANCE = Duration.ofMillis(500);

    private final ObjectStore store;
    private final JobId job;
    private final String name;
    private final Fingerprint ours;
    private final Timer written;
    private final DistributionSummary bytes;

    /**
     * What work goes on from.
     *
     * @param position steps done
     * @param content what was committed with them
     * @param stream what was committed with them; may be {@code null}
     */
    public record Saved(int position, byte[] content, BatchStream stream) {}

    /** Tag of the pointer that this worker saw or wrote last; {@code null} when it saw none. */
    private ETag seen;

    /**
     * The checkpoints of some work of a job.
     *
     * @param name what the work is called, such as {@code student}
     * @param ours what a checkpoint must be of
     * @param meters take the number, the time and the size of checkpoints
     */
    public Checkpoints(ObjectStore store, JobId job, String name, Fingerprint ours, MeterRegistry meters) {
        this.store = store;
        this.job = job;
        this.name = name;
        this.ours = ours;
        this.written = Timer.builder("dsg.checkpoints")
                .description("Checkpoints committed, and how long that took")
                .tag("work", name)
                .register(meters);
        this.bytes = DistributionSummary.builder("dsg.checkpoints.size")
                .description("Size of their contents")
                .baseUnit("bytes")
                .tag("work", name)
                .register(meters);
    }

    /** The position of somebody's latest checkpoint, whatever it is of; empty when there is none. */
    public static Optional<Integer> position(ObjectStore store, JobId job, String name) {
        return store.read(StoreLayout.checkpoint(job, name))
                .map(Checkpoints::parse)
                .map(Checkpoint::position);
    }

    /**
     * The latest checkpoint, from which this worker goes on: its next commit replaces exactly this one.
     *
     * @throws DsgException {@code FOREIGN_CHECKPOINT} when it is of other work, {@code CORRUPT_OBJECT} when its content is
     *     gone or not what it was
     */
    public Optional<Saved> latest() {
        while (true) {
            var document = store.read(pointer());
            seen = document.map(Document::etag).orElse(null);
            if (document.isEmpty()) {
                return Optional.empty();
            }
            var checkpoint = parse(document.get());
            ours.requireSame(name, checkpoint.fingerprint());
            try {
                return Optional.of(
                        new Saved(checkpoint.position(), store.getBytes(checkpoint.content()), checkpoint.stream()));
            } catch (DsgException e) {
                if (e.code() != ErrorCode.CORRUPT_OBJECT || stands(document.get())) {
                    throw e;
                }
                // Another worker is further by now, and has deleted what we were about to read.
            }
        }
    }

    /**
     * Makes a checkpoint the latest, in the place of the one that this worker saw or wrote last.
     *
     * @param position steps done, more than at the last
     * @param content all that the next step needs; equal work makes equal content
     * @param stream see {@link Checkpoint}; may be {@code null}
     * @return whether it is; {@code false} when another worker was faster, who is to be left alone
     */
    public boolean commit(int position, byte[] content, BatchStream stream) {
        var begin = System.nanoTime();
        var aside = Content.of(content, Content.BINARY);
        var ref = store.putIfAbsent(StoreLayout.checkpoint(job, name, position), aside)
                .ref();
        if (!ref.sha256().equals(aside.sha256())) {
            throw new DsgException(
                    ErrorCode.FOREIGN_CHECKPOINT, ref.key() + " has another content than this work has at " + position);
        }
        var document = Json.bytes(new Checkpoint(position, ref, ours, stream));
        if (!replaced(Content.of(document, Content.JSON))) {
            return false;
        }
        remember(document);
        forget(position);
        written.record(Duration.ofNanos(System.nanoTime() - begin));
        bytes.record(content.length);
        return true;
    }

    /**
     * Waits, after a commit that failed, until the other worker's checkpoint has not moved for some time: it may be gone.
     *
     * @param quiet how long it must not have moved
     * @param enough asked twice a second; whether there is nothing to wait for any more
     */
    public void awaitQuiet(Duration quiet, BooleanSupplier enough) throws InterruptedException {
        var at = position(store, job, name);
        var since = System.nanoTime();
        while (!enough.getAsBoolean() && System.nanoTime() - since < quiet.toNanos()) {
            Thread.sleep(GLANCE);
            var now = position(store, job, name);
            if (!now.equals(at)) {
                at = now;
                since = System.nanoTime();
            }
        }
    }

    /** Deletes all, when the work is done and its result on record. */
    public void clear() {
        store.delete(pointer());
        store.deleteAll(StoreLayout.checkpoints(job, name));
    }

    private boolean stands(Document document) {
        return store.read(pointer())
                .filter(now -> now.etag().equals(document.etag()))
                .isPresent();
    }

    private boolean replaced(Content document) {
        return seen == null
                ? store.putIfAbsent(pointer(), document).created()
                : store.compareAndSet(pointer(), document, seen);
    }

    /** If somebody has replaced it already, the tag stays one that nothing has any more, and the next commit fails. */
    private void remember(byte[] document) {
        store.read(pointer())
                .filter(now -> Arrays.equals(now.bytes(), document))
                .ifPresentOrElse(now -> seen = now.etag(), () -> seen = new ETag("overtaken"));
    }

    /**
     * Deletes what came before. Whoever may still commit something has a higher position, for it has seen this checkpoint;
     * whoever has not cannot commit any more. So nothing is deleted that anyone will refer to, and nothing stays of those
     * who put aside and did not live to commit.
     */
    private void forget(int position) {
        var kept = StoreLayout.checkpoint(job, name, position).toString();
        for (ObjectKey key : store.list(StoreLayout.checkpoints(job, name))) {
            if (key.toString().compareTo(kept) < 0) {
                store.delete(key);
            }
        }
    }

    private ObjectKey pointer() {
        return StoreLayout.checkpoint(job, name);
    }

    private static Checkpoint parse(Document document) {
        return Json.parse(document.bytes(), Checkpoint.class);
    }
}
