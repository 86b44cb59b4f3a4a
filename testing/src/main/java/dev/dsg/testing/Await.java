package dev.dsg.testing;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.platform.job.JobRepository;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what services do in their own time. */
public final class Await {

    /** Long enough for a busy machine, short enough to notice. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Await() {}

    /** Waits until something holds. */
    public static void until(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(INTERVAL).until(condition);
    }

    /** Waits until a job is in a state of some kind. */
    public static <S extends JobState> S state(JobRepository jobs, JobId job, Class<S> kind) {
        return kind.cast(status(jobs, job, kind).state());
    }

    /** As {@link #state}, with all that is on record. */
    public static JobStatus status(JobRepository jobs, JobId job, Class<? extends JobState> kind) {
        return Awaitility.await("job " + job + " to be " + kind.getSimpleName())
                .atMost(PATIENCE)
                .pollInterval(INTERVAL)
                .until(() -> jobs.find(job), found -> found.map(JobStatus::state)
                        .filter(kind::isInstance)
                        .isPresent())
                .orElseThrow();
    }
}
