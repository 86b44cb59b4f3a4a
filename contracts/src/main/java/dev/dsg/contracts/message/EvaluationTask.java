package dev.dsg.contracts.message;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.ObjectRef;

/**
 * An artefact lies in the store and is to be measured.
 *
 * @param jobId of which job
 * @param manifest the artefact's manifest, which leads to everything else
 */
public record EvaluationTask(JobId jobId, ObjectRef manifest) implements Message {
    /** Refuses missing parts. */
    public EvaluationTask {
        Require.present("jobId", jobId);
        Require.present("manifest", manifest);
    }

    @Override
    public String eventId() {
        return jobId + "/evaluation";
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
