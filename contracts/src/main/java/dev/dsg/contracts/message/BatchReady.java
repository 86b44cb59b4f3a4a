package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;

/**
 * A batch lies in the store.
 *
 * @param jobId of which job
 * @param batchIndex which batch, counted from 0
 * @param batch where it lies
 */
public record BatchReady(JobId jobId, int batchIndex, ObjectRef batch) implements Message {
    /** Refuses missing parts and a negative index. */
    public BatchReady {
        Require.present("jobId", jobId);
        Require.atLeast("batchIndex", batchIndex, 0);
        Require.present("batch", batch);
    }

    @Override
    public String eventId() {
        return jobId + "/batch/" + StoreLayout.padded(batchIndex);
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
