package dev.dsg.contracts.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;

/**
 * A job is to be run. On the wire it is the job file itself, so anything that can write to Kafka can submit one.
 *
 * @param request what is asked for, not yet checked but for the id
 */
public record JobSubmitted(@JsonValue JobRequest request) implements Message {
    /** Refuses a request without an id. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobSubmitted {
        Require.present("job", request);
        Require.present("jobId", request.jobId());
    }

    /** A job spelled out. */
    public JobSubmitted(JobSpec spec) {
        this(JobRequest.of(spec));
    }

    /** Whose. */
    public JobId jobId() {
        return request.jobId();
    }

    /**
     * What the request resolves to.
     *
     * @throws DsgException {@code INVALID_FIELD} at the first field that is wrong
     */
    public JobSpec spec() {
        return request.resolve();
    }

    @Override
    public String eventId() {
        return jobId() + "/submitted";
    }

    @Override
    public String recordKey() {
        return jobId().value();
    }
}
