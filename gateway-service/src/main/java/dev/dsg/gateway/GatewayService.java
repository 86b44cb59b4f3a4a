package dev.dsg.gateway;

import dev.dsg.contracts.Topics;
import dev.dsg.gateway.accuracy.Accuracies;
import dev.dsg.gateway.backlog.BacklogMonitor;
import dev.dsg.gateway.jobs.JobProjection;
import dev.dsg.gateway.stream.StreamReader;
import dev.dsg.platform.wire.KafkaAccess;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The gateway service: what it reads, and what becomes of it.
 *
 * <pre>
 * the queues of all share groups -> {@link BacklogMonitor}: dsg_queue_depth, dsg_queue_age_seconds
 * dsg.job-events                 -> {@link JobProjection}:  GET /jobs, GET /jobs/ID, dsg_jobs
 * dsg.reports                    -> {@link Accuracies}:     dsg_top1_ratio, dsg_top1_drop_ratio
 * </pre>
 *
 * <p>It owns nothing: both streams are read from their beginning whenever it starts.
 */
@Singleton
public final class GatewayService {

    private final BacklogMonitor backlog;
    private final StreamReader events;
    private final StreamReader reports;

    GatewayService(
            BacklogMonitor backlog,
            JobProjection jobs,
            Accuracies accuracies,
            KafkaAccess brokers,
            @ConfigProperty(name = "dsg.gateway.reports-read") int reportsRead) {
        this.backlog = backlog;
        this.events = new StreamReader(brokers, Topics.JOB_EVENTS, StreamReader.ALL, jobs::hear);
        this.reports = new StreamReader(brokers, Topics.REPORTS, reportsRead, accuracies::hear);
    }

    void start(@Observes StartupEvent event) {
        backlog.start();
        events.start();
        reports.start();
    }

    void stop(@Observes ShutdownEvent event) {
        reports.close();
        events.close();
        backlog.stop();
    }

    /** Whether it knows of every job that was told of before it started. */
    public boolean caughtUp() {
        return events.caughtUp();
    }
}
