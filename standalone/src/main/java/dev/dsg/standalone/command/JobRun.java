package dev.dsg.standalone.command;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.standalone.job.JobEvents;
import dev.dsg.standalone.job.JobWatch;
import dev.dsg.standalone.job.Jobs;
import dev.dsg.standalone.system.Connection;
import dev.dsg.standalone.terminal.Terminal;
import java.time.Instant;

/** Jobs on their way through a running system. */
final class JobRun {

    private final Connection connection;
    private final Jobs jobs;
    private final Terminal terminal;
    private final Runnable everySecond;

    /**
     * A way to run jobs.
     *
     * @param everySecond is run while a job is watched; what it throws ends the watch
     */
    JobRun(Connection connection, Terminal terminal, Runnable everySecond) {
        this.connection = connection;
        this.jobs = new Jobs(connection.store(), connection.publisher());
        this.terminal = terminal;
        this.everySecond = everySecond;
    }

    /** The jobs of the system. */
    Jobs jobs() {
        return jobs;
    }

    /** Submits a job and returns with the state in which it ended. */
    JobStatus run(JobSpec spec) {
        try (var events = listen(spec.jobId(), Instant.now())) {
            jobs.submit(spec);
            return watch(spec.jobId(), events);
        }
    }

    /**
     * Returns with the state in which a job ended.
     *
     * @throws DsgException {@code UNKNOWN_JOB} when there is none
     */
    JobStatus watch(JobId job) {
        try (var events = listen(job, jobs.requireStatus(job).submittedAt())) {
            return watch(job, events);
        }
    }

    /** Says how a job ended if it did not end well. */
    boolean completed(JobStatus status) {
        return switch (status.state()) {
            case JobState.Completed _ -> true;
            case JobState.Failed(var code, var field, var message) -> {
                var place = field == null || message.startsWith(field) ? "" : " at " + field;
                terminal.say("job " + status.jobId() + " failed: " + code + place + ": " + message);
                yield false;
            }
            case JobState.Cancelled(var reason) -> {
                terminal.say("job " + status.jobId() + " was cancelled: " + reason);
                yield false;
            }
            case JobState.Active active -> throw new IllegalStateException("a job cannot end as " + active.stage());
        };
    }

    private JobEvents listen(JobId job, Instant since) {
        return new JobEvents(connection.access().kafka(), job, since);
    }

    private JobStatus watch(JobId job, JobEvents events) {
        return new JobWatch(jobs::status, terminal, everySecond).untilEnd(job, events::poll);
    }
}
