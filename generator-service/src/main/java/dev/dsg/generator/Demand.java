package dev.dsg.generator;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.checkpoint.Checkpoints;
import dev.dsg.platform.store.ObjectStore;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a student still needs of its stream, and how far the stream may run ahead of it.
 *
 * <p>A student resumes from its last checkpoint and deletes what lies before its window then. So the batches in the store
 * are those of a window, those until the next checkpoint, and the lead; the stream waits while there are so many. Batch 0
 * stays until the end, for whoever resumes calibrates on it.
 */
final class Demand {

    private final ObjectStore store;
    private final JobId job;
    private final TrainingSpec how;

    private int position;
    private Set<ObjectKey> there = Set.of();

    Demand(ObjectStore store, JobSpec spec) {
        this.store = store;
        this.job = spec.jobId();
        this.how = spec.training();
    }

    /** Looks where the student is and what lies in the store. */
    void look() {
        position = Checkpoints.position(store, job, "student")
                .orElseGet(() -> store.find(StoreLayout.manifest(job)).isPresent() ? how.steps() : 0);
        there = new HashSet<>(store.list(StoreLayout.batches(job)));
    }

    /** Whether the student, as seen last, has all that it will ever need. */
    boolean met() {
        return position >= how.steps()
                || IntStream.range(0, how.steps()).filter(this::needs).allMatch(this::has);
    }

    /** Whether the student, as seen last, will ever read a batch. */
    boolean needs(int index) {
        return position < how.steps() && (index == 0 || index > position - how.window());
    }

    /** Whether one more batch may be put. */
    boolean hasRoom() {
        return there.size() < how.window() + how.checkpointSteps() + how.lead();
    }

    /** Remembers that a batch was put. */
    void put(ObjectKey batch) {
        there.add(batch);
    }

    /** How far a batch is ahead of the student's last checkpoint. */
    int lead(int index) {
        return Math.max(0, index - position);
    }

    private boolean has(int index) {
        return there.contains(StoreLayout.batch(job, index));
    }
}
