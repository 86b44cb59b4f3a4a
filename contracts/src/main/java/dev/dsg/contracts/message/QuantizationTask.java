package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;

/**
 * The batches of a job lie in the store, or the first of them where its network is trained; it is to be quantized.
 *
 * @param jobId which job
 */
public record QuantizationTask(JobId jobId) implements Message {
    /** Refuses a missing id. */
    public QuantizationTask {
        Require.present("jobId", jobId);
    }

    @Override
    public String eventId() {
        return jobId + "/quantization";
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
