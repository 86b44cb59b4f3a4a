package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.standalone.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a job achieved, and hands over what it made. */
@Command(name = "report", description = "Shows what a job achieved, and hands over what it made.")
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Parameters(paramLabel = "JOB", description = "the id of the job")
    private String job;

    @Mixin
    private ResultOptions resultOptions;

    @Override
    public Integer call() {
        var id = JobId.parse(job);
        resultOptions.check();
        var terminal = Terminal.standard();
        try (var connection = homeOption.connect()) {
            var run = new JobRun(connection, terminal, () -> {});
            var status = run.jobs().requireStatus(id);
            if (status.state() instanceof JobState.Active active) {
                terminal.say("job " + id + " is " + active.stage().wireName() + " still; `dsg watch " + id + "` waits");
                return ExitCode.JOB_FAILED;
            }
            if (!run.completed(status)) {
                return ExitCode.JOB_FAILED;
            }
            var reports = List.of(run.jobs().report(id).orElseThrow());
            Reports.print(reports, homeOption.home(), System.out);
            run.jobs().analysis(id).ifPresent(analysis -> Reports.print(analysis, System.out));
            resultOptions.write(reports);
            resultOptions.copy(id, "", connection.store());
            return ExitCode.OK;
        }
    }
}
