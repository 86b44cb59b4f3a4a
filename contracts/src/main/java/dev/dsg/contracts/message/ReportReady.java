package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.ObjectRef;

/**
 * A report lies in the store.
 *
 * @param jobId of which job
 * @param report where it lies
 */
public record ReportReady(JobId jobId, ObjectRef report) implements Message {
    /** Refuses missing parts. */
    public ReportReady {
        Require.present("jobId", jobId);
        Require.present("report", report);
    }

    @Override
    public String eventId() {
        return jobId + "/report";
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
