package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.standalone.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a job to its end. */
@Command(name = "watch", description = "Follows a job to its end and shows what came out.")
final class WatchCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Parameters(paramLabel = "JOB", description = "the id of the job")
    private String job;

    @Override
    public Integer call() {
        var id = JobId.parse(job);
        try (var connection = homeOption.connect()) {
            var run = new JobRun(connection, Terminal.standard(), () -> {});
            if (!run.completed(run.watch(id))) {
                return ExitCode.JOB_FAILED;
            }
            Reports.print(List.of(run.jobs().report(id).orElseThrow()), homeOption.home(), System.out);
            return ExitCode.OK;
        }
    }
}
