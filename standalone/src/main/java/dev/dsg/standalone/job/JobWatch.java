package dev.dsg.standalone.job;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.standalone.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows a job to its end. Events make it lively; the state in the store, looked at every second, decides, so an event
 * that is lost costs a second and no more.
 */
public final class JobWatch {

    private static final Duration EVENTS = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Function<JobId, Optional<JobStatus>> states;
    private final Terminal terminal;
    private final Runnable everySecond;

    /**
     * A way to watch.
     *
     * @param states where a job is, as far as the store knows
     * @param everySecond is run before each look; what it throws ends the watch
     */
    public JobWatch(Function<JobId, Optional<JobStatus>> states, Terminal terminal, Runnable everySecond) {
        this.states = states;
        this.terminal = terminal;
        this.everySecond = everySecond;
    }

    /** What is told of the job. */
    @FunctionalInterface
    public interface EventSource {
        /** The events that came within a while, oldest first. */
        List<JobEvent> poll(Duration atMost);
    }

    /** Returns with the state in which the job ended. */
    public JobStatus untilEnd(JobId job, EventSource events) {
        try (var bars = new StageBars(terminal)) {
            var nextLook = System.nanoTime();
            while (true) {
                var told = events.poll(EVENTS);
                told.forEach(bars::show);
                var changed = told.stream().anyMatch(event -> event.progress() == null);
                if (changed || System.nanoTime() >= nextLook) {
                    nextLook = System.nanoTime() + LOOK.toNanos();
                    // First, for without the store there is no look.
                    everySecond.run();
                    var status = states.apply(job);
                    status.ifPresent(bars::show);
                    if (status.isPresent() && status.get().state() instanceof JobState.Terminal) {
                        return status.get();
                    }
                }
            }
        }
    }
}
