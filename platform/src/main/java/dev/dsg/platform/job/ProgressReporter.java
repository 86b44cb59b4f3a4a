package dev.dsg.platform.job;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accompanies a long piece of work: tells how far it is, at most twice a second, and stops it when its job has ended or
 * its worker has to let go of it. For use by one thread.
 *
 * <p>That store or broker are away for a while does not stop the work; whether they are back when it is done is another
 * matter.
 */
public final class ProgressReporter {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);

    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(500);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final JobRepository jobs;
    private final String task;
    private final BooleanSupplier cancelled;
    private final InstantSource clock;

    private JobStatus status;
    private Instant nextEvent;
    private Instant nextLook;

    /**
     * A reporter that speaks for the first time after half a second, or at the end.
     *
     * @param status where the job is
     * @param task what the work is called in events, such as {@code batch/00003}
     * @param cancelled whether the worker has to let go
     */
    public ProgressReporter(
            JobRepository jobs, JobStatus status, String task, BooleanSupplier cancelled, InstantSource clock) {
        this.jobs = jobs;
        this.status = status;
        this.task = task;
        this.cancelled = cancelled;
        this.clock = clock;
        this.nextEvent = clock.instant().plus(BETWEEN_EVENTS);
        this.nextLook = clock.instant().plus(BETWEEN_LOOKS);
    }

    /**
     * Hears that the work is so far.
     *
     * @throws DsgException to stop the work: {@code JOB_CANCELLED} when the job has ended
     */
    public void report(int done, int total) {
        report(done, total, Map.of());
    }

    /**
     * Hears that the work is so far, and what was measured on the way.
     *
     * @throws DsgException as {@link #report(int, int)}
     */
    public void report(int done, int total, Map<String, Double> measures) {
        if (cancelled.getAsBoolean()) {
            throw new DsgException(ErrorCode.INTERNAL, "told to stop at " + done + " of " + total);
        }
        var now = clock.instant();
        if (now.isAfter(nextLook)) {
            patiently(() -> status = jobs.requireActive(status.jobId()));
            nextLook = clock.instant().plus(BETWEEN_LOOKS);
        }
        if (now.isAfter(nextEvent) || done == total) {
            patiently(() -> jobs.progress(status, new JobEvent.Progress(task, done, total, measures)));
            nextEvent = clock.instant().plus(BETWEEN_EVENTS);
        }
    }

    private void patiently(Runnable call) {
        try {
            call.run();
        } catch (DsgException e) {
            if (!e.code().retryable()) {
                throw e;
            }
            LOG.warn("work goes on without word of it: {}", e.getMessage());
        }
    }
}
