package dev.dsg.contracts.job;

import dev.dsg.contracts.error.Require;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job's state as {@code jobs/ID/state.json} holds it. The file changes only by compare-and-set, so versions count
 * up by one and the history is that of one line of states.
 *
 * @param jobId whose
 * @param state what
 * @param version how many changes there were; the first state is 1
 * @param history when each stage was entered, oldest first, each stage once
 */
public record JobStatus(JobId jobId, JobState state, long version, List<Entry> history) {

    /**
     * One stage entered.
     *
     * @param stage which
     * @param at when
     */
    public record Entry(Stage stage, Instant at) {
        /** Refuses missing parts. */
        public Entry {
            Require.present("stage", stage);
            Require.present("at", at);
        }
    }

    /** Refuses missing parts and a history that does not end in the state. */
    public JobStatus {
        Require.present("jobId", jobId);
        Require.present("state", state);
        Require.atLeast("version", version, 1);
        history = Require.list("history", history, 1);
        if (history.getLast().stage() != state.stage()) {
            throw new IllegalArgumentException("the history must end in " + state.stage());
        }
    }

    /** The first status of a job. */
    public static JobStatus first(JobId jobId, JobState state, Instant at) {
        return new JobStatus(jobId, state, 1, List.of(new Entry(state.stage(), at)));
    }

    /** The status after this one. */
    public JobStatus next(JobState next, Instant at) {
        if (next.stage() == state.stage()) {
            return new JobStatus(jobId, next, version + 1, history);
        }
        List<Entry> longer = new ArrayList<>(history);
        longer.add(new Entry(next.stage(), at));
        return new JobStatus(jobId, next, version + 1, longer);
    }

    /** The status of a failed job that people opened again: its times begin anew, its versions go on. */
    public JobStatus reopened(JobState.Submitted again, Instant at) {
        return new JobStatus(jobId, again, version + 1, List.of(new Entry(again.stage(), at)));
    }

    /** When a stage was entered, if it was. */
    public Optional<Instant> entered(Stage stage) {
        return history.stream()
                .filter(entry -> entry.stage() == stage)
                .map(Entry::at)
                .findFirst();
    }

    /** When the job was first heard of. */
    public Instant submittedAt() {
        return history.getFirst().at();
    }

    /** When it came to where it is. */
    public Instant changedAt() {
        return history.getLast().at();
    }

    /**
     * How long the job was, or has been, in a stage; zero for a stage it never entered.
     *
     * @param now the end of the stage it is in
     */
    public Duration spentIn(Stage stage, Instant now) {
        for (int i = 0; i < history.size(); i++) {
            if (history.get(i).stage() == stage) {
                Instant end = i + 1 < history.size() ? history.get(i + 1).at() : now;
                return Duration.between(history.get(i).at(), end);
            }
        }
        return Duration.ZERO;
    }
}
