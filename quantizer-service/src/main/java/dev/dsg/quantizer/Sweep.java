package dev.dsg.quantizer;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Active;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.platform.job.JobRepository;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Looks after every job that waits for batches, at the start and ever so often: no event that is lost strands a job. */
@Singleton
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final JobRepository jobs;
    private final BatchCollector collector;
    private final Duration interval;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sweep").daemon().factory());
    /** Jobs that nothing can happen to any more: their states need not be read again. A failed one may be opened again. */
    private final Set<JobId> past = new HashSet<>();

    Sweep(
            JobRepository jobs,
            BatchCollector collector,
            @ConfigProperty(name = "dsg.collector.sweep", defaultValue = "PT30S") Duration interval) {
        this.jobs = jobs;
        this.collector = collector;
        this.interval = interval;
    }

    void start(@Observes StartupEvent event) {
        executor.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        executor.shutdownNow();
    }

    private void run() {
        try {
            jobs.jobs().stream().filter(job -> !past.contains(job)).forEach(this::look);
        } catch (RuntimeException e) {
            LOG.warn("no sweep this time: {}", e.toString());
        }
    }

    private static boolean over(JobState state) {
        return switch (state) {
            case Completed _, Cancelled _ -> true;
            case Failed _, Active _ -> false;
        };
    }

    /** What is wrong with one job is no reason to overlook the others. */
    private void look(JobId job) {
        MDC.put("jobId", job.value());
        try {
            collector.collect(job).filter(Sweep::over).ifPresent(_ -> past.add(job));
        } catch (RuntimeException e) {
            LOG.warn("job not looked after this time: {}", e.toString());
        } finally {
            MDC.remove("jobId");
        }
    }
}
