package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.standalone.job.Jobs;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls a job off. */
@Command(name = "cancel", description = "Calls a job off.")
final class CancelCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin
    private HomeOption homeOption;

    @Parameters(paramLabel = "JOB", description = "the id of the job")
    private String job;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "cancelled on the command line",
            description = "what its state is to say (default: ${DEFAULT-VALUE})")
    private String reason;

    @Override
    public Integer call() throws InterruptedException {
        var id = JobId.parse(job);
        try (var connection = homeOption.connect()) {
            var jobs = new Jobs(connection.store(), connection.publisher());
            if (jobs.requireStatus(id).state() instanceof JobState.Active) {
                jobs.cancel(id, reason);
            }
            var state = end(jobs, id);
            System.out.println("job " + id + " is " + state.stage().wireName());
            return state instanceof JobState.Cancelled ? ExitCode.OK : ExitCode.JOB_FAILED;
        }
    }

    private static JobState end(Jobs jobs, JobId id) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var state = jobs.requireStatus(id).state();
        while (state instanceof JobState.Active && System.nanoTime() < deadline) {
            Thread.sleep(POLL);
            state = jobs.requireStatus(id).state();
        }
        return state;
    }
}
