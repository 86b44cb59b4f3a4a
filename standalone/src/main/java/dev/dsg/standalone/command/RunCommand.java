package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.system.Connection;
import dev.dsg.standalone.system.StandaloneSystem;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import dev.dsg.standalone.terminal.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the system, runs a job, shows what came out, stops the system. */
@Command(
        name = "run",
        description = {
            "Quantizes a network and shows what came out.",
            "Starts the system if it does not run, and stops it again; one that runs already is used and left alone."
        })
final class RunCommand implements Callable<Integer> {

    @Mixin
    private JobOptions jobOptions;

    @Option(
            names = "--compare",
            paramLabel = "METHOD",
            split = ",",
            description = "runs one job for each of these methods, such as noise,zeroq,dsg")
    private List<String> methods = List.of();

    @Mixin
    private ResultOptions resultOptions;

    @Mixin
    private SystemOptions systemOptions;

    @Mixin
    private HomeOption homeOption;

    @Spec
    private CommandSpec spec;

    private Terminal terminal;

    @Override
    public Integer call() {
        systemOptions.check();
        var requests = requests();
        resultOptions.check();
        terminal = Terminal.standard();
        jobOptions.notes().forEach(terminal::say);
        var home = homeOption.home();
        var system = homeOption.system();
        try (var started = new StartedSystem(system, terminal)) {
            started.start(Stay.WITH_US, systemOptions, store -> stock(new Stock(store, home, terminal), requests));
            var reports = run(requests, system, started);
            Reports.print(reports, home, System.out);
            resultOptions.write(reports);
            return reports.size() == requests.size() ? ExitCode.OK : ExitCode.JOB_FAILED;
        }
    }

    /** One job after the other, so that each has the machine to itself and its times can be compared. */
    private List<JobReport> run(List<JobRequest> requests, StandaloneSystem system, StartedSystem started) {
        var reports = new ArrayList<JobReport>();
        try (var connection = new Connection(system.access())) {
            var run = new JobRun(connection, terminal, new Mending(system, homeOption.home(), terminal));
            for (var request : requests) {
                var job = identified(request);
                terminal.say(
                        "job " + job.jobId() + ": " + job.synthesis().method().wireName());
                started.running(run.jobs(), job.jobId());
                if (run.completed(run.run(job))) {
                    reports.add(run.jobs().report(job.jobId()).orElseThrow());
                    var below =
                            methods.isEmpty() ? "" : job.synthesis().method().wireName();
                    resultOptions.copy(job.jobId(), below, connection.store());
                }
                started.idle();
            }
        }
        return reports;
    }

    private void stock(Stock stock, List<JobRequest> requests) {
        stock.networks(systemOptions.networks());
        if (identified(requests.getFirst()).evaluation().dataset().equals(Cifar10.NAME)) {
            stock.cifar10();
        }
    }

    /** One for each method, all of which could be run. */
    private List<JobRequest> requests() {
        if (!methods.isEmpty() && jobOptions.namesMethod()) {
            throw new ParameterException(spec.commandLine(), "--compare names the methods; leave out --synthesis");
        }
        var requests = methods.isEmpty()
                ? List.of(jobOptions.request())
                : methods.stream().map(jobOptions::request).toList();
        requests.forEach(RunCommand::identified);
        return requests;
    }

    private static JobSpec identified(JobRequest request) {
        return request.withJobId(JobId.create(Instant.now(), RandomGenerator.getDefault()))
                .resolve();
    }
}
