package dev.dsg.quantizer;

import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.qat.Replay;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.store.ObjectStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stored batches that a student's next step draws from: never more than its window in memory.
 *
 * <p>Those of a stream are deleted from the store when neither the student nor whoever resumes from its last checkpoint
 * will read them again, all but batch 0, on which whoever resumes calibrates.
 */
final class BatchWindow {

    private final ObjectStore store;
    private final JobSpec spec;
    private final Replay replay;
    private final Map<Integer, Held> held = new HashMap<>();

    private record Held(SyntheticBatch batch, Sha256 digest) {}

    BatchWindow(ObjectStore store, JobSpec spec, Replay replay) {
        this.store = store;
        this.spec = spec;
        this.replay = replay;
    }

    /** Whether the batches of a student are used once and deleted. */
    static boolean streams(JobSpec spec) {
        return spec.training() != null && spec.training().source() == TrainingSource.GENERATOR;
    }

    /**
     * Holds what a step draws from, as far as it is there, and lets go of everything else.
     *
     * @return whether it is all there
     */
    boolean hold(int step) {
        List<Integer> wanted = replay.held(step);
        held.keySet().retainAll(wanted);
        return wanted.stream().allMatch(index -> held.containsKey(index) || load(index));
    }

    private boolean load(int index) {
        Optional<ObjectRef> ref = store.find(StoreLayout.batch(spec.jobId(), index));
        ref.ifPresent(there ->
                held.put(index, new Held(SyntheticBatch.fromSafetensors(store.getBytes(there)), there.sha256())));
        return ref.isPresent();
    }

    /** The images of a step; {@link #hold} them first. */
    Replay.Minibatch minibatch(int step) {
        return replay.at(step, index -> held.get(index).batch());
    }

    /** The digest of the batch that a step is the first to see, or sees anew; {@link #hold} it first. */
    Sha256 digest(int step) {
        return held.get(replay.visited(step)).digest();
    }

    /** How many batches are in memory. */
    int size() {
        return held.size();
    }

    /** Deletes what nobody needs any more who resumes at a position; it may be done again. */
    void deleteConsumed(int position) {
        if (!streams(spec)) {
            return;
        }
        ObjectKey first = StoreLayout.batch(spec.jobId(), 0);
        ObjectKey needed = StoreLayout.batch(spec.jobId(), replay.held(position).getFirst());
        for (ObjectKey key : store.list(StoreLayout.batches(spec.jobId()))) {
            if (!key.equals(first) && key.toString().compareTo(needed.toString()) < 0) {
                store.delete(key);
            }
        }
    }
}
