package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.standalone.terminal.Terminal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    private final Set<String> told = new HashSet<>();

    @Override
    public Integer call() {
        var id = JobId.parse(job);
        try (var connection = homeOption.connect()) {
            var terminal = Terminal.standard();
            var run = new JobRun(connection, terminal, () -> tellOfTheDead(terminal));
            if (!run.completed(run.watch(id))) {
                return ExitCode.JOB_FAILED;
            }
            Reports.print(List.of(run.jobs().report(id).orElseThrow()), homeOption.home(), System.out);
            return ExitCode.OK;
        }
    }

    /** Once of each: a job may wait for a process that nobody starts again. */
    private void tellOfTheDead(Terminal terminal) {
        homeOption.system().dead().stream()
                .filter(told::add)
                .forEach(name -> terminal.say(name + " has died; `dsg up` starts it again"));
    }
}
