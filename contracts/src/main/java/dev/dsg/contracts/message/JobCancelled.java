package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;

/**
 * A job is to be called off.
 *
 * @param jobId which
 * @param reason why, for people
 */
public record JobCancelled(JobId jobId, String reason) implements Message {
    /** Refuses a missing id or reason. */
    public JobCancelled {
        Require.present("jobId", jobId);
        Require.text("reason", reason);
    }

    @Override
    public String eventId() {
        return jobId + "/cancelled";
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
