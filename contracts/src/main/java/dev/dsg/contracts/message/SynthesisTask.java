package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.StoreLayout;

/**
 * A batch is to be synthesised. How, says the job's specification in the store.
 *
 * @param jobId of which job
 * @param batchIndex which batch, counted from 0
 */
public record SynthesisTask(JobId jobId, int batchIndex) implements Message {
    /** Refuses a missing id and a negative index. */
    public SynthesisTask {
        Require.present("jobId", jobId);
        Require.atLeast("batchIndex", batchIndex, 0);
    }

    @Override
    public String eventId() {
        return jobId + "/synthesis/" + StoreLayout.padded(batchIndex);
    }

    /** The job and the batch: tasks of one job spread over the partitions. */
    @Override
    public String recordKey() {
        return jobId + "/" + StoreLayout.padded(batchIndex);
    }
}
