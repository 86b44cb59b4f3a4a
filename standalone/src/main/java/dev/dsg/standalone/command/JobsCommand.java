package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.standalone.job.Jobs;
import dev.dsg.standalone.terminal.Table;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists jobs. */
@Command(name = "jobs", description = "Lists all jobs and where they are.")
final class JobsCommand implements Callable<Integer> {

    private static final String NONE = "";

    @Mixin
    private HomeOption homeOption;

    @Override
    public Integer call() {
        try (var connection = homeOption.connect()) {
            var jobs = new Jobs(connection.store(), connection.publisher());
            var table = new Table("job", "submitted", "state", "network", "bits", "synthesis", "top-1 %");
            jobs.list().forEach(job -> row(table, jobs, job));
            table.lines().forEach(System.out::println);
        }
        return ExitCode.OK;
    }

    private static void row(Table table, Jobs jobs, JobId job) {
        var spec = jobs.spec(job);
        Function<Function<JobSpec, String>, String> said =
                part -> spec.map(part).orElse(NONE);
        jobs.status(job)
                .ifPresent(status -> table.row(
                        job.value(),
                        status.submittedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                        state(status.state()),
                        said.apply(JobSpec::model),
                        said.apply(one -> "W" + one.quantization().weightBits() + "A"
                                + one.quantization().activationBits()),
                        said.apply(one -> one.synthesis().method().wireName()),
                        jobs.report(job)
                                .map(report -> String.format(
                                        Locale.ROOT,
                                        "%.2f",
                                        100 * report.accuracy().quantized().top1()))
                                .orElse(NONE)));
    }

    private static String state(JobState state) {
        var stage = state.stage().wireName();
        return switch (state) {
            case JobState.Synthesizing(var done, var total) -> stage + " " + done + "/" + total;
            case JobState.Failed failed -> stage + " " + failed.code();
            case JobState.Submitted _,
                    JobState.Quantizing _,
                    JobState.Evaluating _,
                    JobState.Completed _,
                    JobState.Cancelled _ -> stage;
        };
    }
}
