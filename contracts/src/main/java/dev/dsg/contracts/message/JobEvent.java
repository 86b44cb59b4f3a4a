package dev.dsg.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A job changed its state, or made progress within it. Of two events the one with the higher version is the newer.
 *
 * @param jobId which job
 * @param state its state
 * @param stateVersion the version of that state
 * @param at when this was said
 * @param progress the progress, in an event that is not a change of state
 */
public record JobEvent(
        JobId jobId,
        JobState state,
        long stateVersion,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_NULL) Progress progress)
        implements Message {

    /**
     * How far a piece of work is.
     *
     * @param task which piece, such as {@code batch/00003} or {@code evaluation}
     * @param done units done
     * @param total units in all
     * @param measures what was measured on the way, by name, such as {@code loss}, {@code agreement} with the network as
     *     it came (a fraction) and {@code imagesPerSecond}; finite numbers
     */
    public record Progress(
            String task,
            long done,
            long total,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> measures) {
        /** Refuses a nameless task, more done than there is, and measures that are no numbers. */
        public Progress {
            Require.text("progress.task", task);
            Require.atLeast("progress.total", total, 1);
            Require.within("progress.done", done, 0, total);
            measures = Collections.unmodifiableMap(new TreeMap<>(measures == null ? Map.of() : measures));
            measures.forEach((name, value) -> Require.within(
                    "progress.measures." + Require.text("progress.measures", name),
                    Require.present("progress.measures." + name, value),
                    -Double.MAX_VALUE,
                    Double.MAX_VALUE));
        }

        /** Progress without measures. */
        public Progress(String task, long done, long total) {
            this(task, done, total, Map.of());
        }
    }

    /** Refuses missing parts. */
    public JobEvent {
        Require.present("jobId", jobId);
        Require.present("state", state);
        Require.atLeast("stateVersion", stateVersion, 1);
        Require.present("at", at);
    }

    /** The state changed. */
    public static JobEvent changed(JobStatus status, Instant at) {
        return new JobEvent(status.jobId(), status.state(), status.version(), at, null);
    }

    /** Work went on in an unchanged state. */
    public static JobEvent progressed(JobStatus status, Instant at, Progress progress) {
        return new JobEvent(status.jobId(), status.state(), status.version(), at, progress);
    }

    @Override
    public String eventId() {
        return progress == null
                ? jobId + "/state/" + stateVersion
                : jobId + "/progress/" + progress.task() + "/" + progress.done();
    }

    @Override
    public String recordKey() {
        return jobId.value();
    }
}
