package dev.dsg.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus.Entry;
import dev.dsg.contracts.message.JobEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A job as its events tell of it.
 *
 * @param jobId which job
 * @param state where it is
 * @param version of that state
 * @param history when each stage was told of, oldest first; without those whose events the broker no longer had
 * @param progress what was told last of the work in this state; {@code null} where nothing was, or the job has ended
 */
public record JobView(
        JobId jobId,
        JobState state,
        long version,
        List<Entry> history,
        @JsonInclude(JsonInclude.Include.NON_NULL) JobEvent.Progress progress) {

    /** The first that is known of a job. */
    static JobView of(JobEvent first) {
        return new JobView(
                first.jobId(),
                first.state(),
                first.stateVersion(),
                List.of(new Entry(first.state().stage(), first.at())),
                progress(first));
    }

    /** What is known after one more event; events that come late or again change nothing. */
    JobView after(JobEvent event) {
        if (event.stateVersion() < version || event.stateVersion() == version && event.progress() == null) {
            return this;
        }
        var longer = new ArrayList<>(history);
        if (event.state().stage() != state.stage()) {
            longer.add(new Entry(event.state().stage(), event.at()));
        }
        return new JobView(jobId, event.state(), event.stateVersion(), List.copyOf(longer), progress(event));
    }

    private static JobEvent.Progress progress(JobEvent event) {
        return event.state() instanceof JobState.Terminal ? null : event.progress();
    }

    /** When the job was first heard of. */
    @JsonProperty
    public Instant submittedAt() {
        return history.getFirst().at();
    }

    /** When it came to the stage in which it is. */
    @JsonProperty
    public Instant changedAt() {
        return history.getLast().at();
    }
}
