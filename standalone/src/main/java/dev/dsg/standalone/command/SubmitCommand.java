package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.standalone.job.JobFile;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Submits a job. */
@Command(name = "submit", description = "Submits a job, prints its id and returns when the job is accepted or refused.")
final class SubmitCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(50);

    @Mixin
    private JobOptions jobOptions;

    @Mixin
    private HomeOption homeOption;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "the job: JSON if its name ends in .json, HOCON otherwise; options win over it")
    private Path file;

    @Override
    public Integer call() throws InterruptedException {
        var request = file == null ? jobOptions.request() : jobOptions.request(new JobFile(file));
        jobOptions.notes().forEach(System.err::println);
        var spec = (request.jobId() == null
                        ? request.withJobId(JobId.create(Instant.now(), RandomGenerator.getDefault()))
                        : request)
                .resolve();
        try (var connection = homeOption.connect()) {
            var run = new JobRun(connection, Terminal.plain(System.err), () -> {});
            run.jobs().submit(spec);
            System.out.println(spec.jobId());
            return refused(run, spec.jobId()) ? ExitCode.JOB_FAILED : ExitCode.OK;
        }
    }

    /** Waits until the job is on record, and says so if it was refused. */
    private static boolean refused(JobRun run, JobId job) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var status = run.jobs().status(job);
            if (status.isPresent()) {
                return status.get().state() instanceof JobState.Failed && !run.completed(status.get());
            }
            Thread.sleep(POLL);
        }
        System.err.println("dsg: no generator has taken the job yet; it waits in its queue");
        return false;
    }
}
