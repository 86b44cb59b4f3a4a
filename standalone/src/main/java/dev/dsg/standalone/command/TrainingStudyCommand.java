package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.job.Jobs;
import dev.dsg.standalone.measure.Measuring;
import dev.dsg.standalone.measure.StudyFile;
import dev.dsg.standalone.measure.TrainingJob;
import dev.dsg.standalone.measure.TrainingReport;
import dev.dsg.standalone.measure.TrainingRun;
import dev.dsg.standalone.measure.TrainingStudy;
import dev.dsg.standalone.measure.TrainingVariant;
import dev.dsg.standalone.measure.Widths;
import dev.dsg.standalone.system.Connection;
import dev.dsg.standalone.system.StandaloneSystem;
import dev.dsg.standalone.system.StandaloneSystem.Stay;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Accuracy of quantized and of trained networks over variants, widths and seeds, each a job through the whole system. */
@Command(
        name = "training",
        description = {
            "Measures what jobs achieve over variants, widths and seeds; prints a table.",
            "Starts the system if it does not run, and stops it again; one that runs already is used and left alone.",
            "Every job is a line of --results. A study that is started again goes on where it stopped, in the midst of"
                    + " a job too; a job that failed is tried again under another id."
        })
final class TrainingStudyCommand implements Callable<Integer> {

    @Option(
            names = "--variants",
            paramLabel = "NAME[:FIELD=VALUE]...,...",
            hideParamSyntax = true,
            // A comma in brackets stands between the numbers of a list.
            split = ",(?![^\\[]*\\])",
            converter = TrainingVariant.Parser.class,
            defaultValue = "ptq,inversion,generator",
            description =
                    "ptq; inversion or generator, which train on that source of images; either followed by -no-sda,"
                            + " -no-lse or -no-sci, without that part of DSG, or by -plain, without all three; or any"
                            + " other name with fields of a job, such as narrow:quantization.scheme=qat:training.window=2"
                            + " (${DEFAULT-VALUE})")
    private List<TrainingVariant> variants;

    @Option(
            names = "--bits",
            split = ",",
            converter = Widths.Parser.class,
            defaultValue = "4/4,3/3",
            description = "of weights/activations (${DEFAULT-VALUE})")
    private List<Widths> bits;

    @Option(names = "--seeds", split = ",", defaultValue = "0,1,2", description = "${DEFAULT-VALUE}")
    private List<Long> seeds;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description =
                    "a field of all jobs, or where it is one of training of all that train; what a variant says wins;"
                            + " may be given several times")
    private List<String> settings = List.of();

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = JobOptions.MODEL,
            description = "the network (${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            defaultValue = "study-training.jsonl",
            description = "${DEFAULT-VALUE}")
    private Path results;

    @Option(names = "--show", description = "run nothing; show all that --results holds of the network")
    private boolean show;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "also write the table and a plot of it to DIR: training.md and training.png")
    private Path report;

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
        var jobs = jobs();
        terminal = Terminal.standard();
        var file = new StudyFile<>(results, TrainingRun.class);
        if (show) {
            say(file.read().stream().filter(run -> run.model().equals(model)).toList(), "");
            return ExitCode.OK;
        }
        // What is there must be readable before hours are spent on more of it.
        file.read();
        var system = homeOption.system();
        try (var started = new StartedSystem(system, terminal)) {
            started.start(Stay.WITH_US, systemOptions, store -> stock(store, jobs));
            return run(jobs, file, system);
        }
    }

    /** Every job that is asked for, seed by seed, so that there is something to compare early. */
    private List<TrainingJob> jobs() {
        if (variants.stream().map(TrainingVariant::name).distinct().count() < variants.size()) {
            throw new ParameterException(spec.commandLine(), "--variants: each needs a name of its own");
        }
        var jobs = new ArrayList<TrainingJob>();
        for (var seed : seeds) {
            for (var widths : bits) {
                for (var variant : variants) {
                    jobs.add(TrainingJob.of(model, variant, settings, widths, seed));
                }
            }
        }
        return jobs;
    }

    private void stock(ObjectStore store, List<TrainingJob> jobs) {
        var stock = new Stock(store, homeOption.home(), terminal);
        stock.networks(systemOptions.networks());
        if (jobs.stream().anyMatch(job -> job.dataset().equals(Cifar10.NAME))) {
            stock.cifar10();
        }
    }

    private int run(List<TrainingJob> jobs, StudyFile<TrainingRun> file, StandaloneSystem system) {
        try (var connection = new Connection(system.access())) {
            var network = network(connection.store());
            var study = new TrainingStudy(file, network);
            var failed = study.run(jobs, job -> report(job, network, connection, system), terminal::say);
            say(study.results(jobs), "; " + Measuring.machine("generators: " + system.workers()));
            return failed == 0 ? ExitCode.OK : ExitCode.JOB_FAILED;
        }
    }

    private Sha256 network(ObjectStore store) {
        return store.read(StoreLayout.modelCard(model))
                .map(card -> Json.parse(card.bytes(), ModelCard.class).weights().sha256())
                .orElseThrow(() -> new DsgException(
                        ErrorCode.UNKNOWN_MODEL, "model", model, "one of those that `dsg model list` shows"));
    }

    /**
     * What a job achieves, or has achieved already. It is not called off if the study is interrupted, so that it goes on with
     * the system.
     */
    private Optional<JobReport> report(
            TrainingJob job, Sha256 network, Connection connection, StandaloneSystem system) {
        var run = new JobRun(connection, terminal, new Mending(system, homeOption.home(), terminal));
        var id = untried(job.id(network), run.jobs());
        terminal.say("job " + id + ": " + job);
        var ended = run.jobs().status(id).isPresent() ? run.watch(id) : run.run(job.spec(id));
        return run.completed(ended) ? run.jobs().report(id) : Optional.empty();
    }

    /** The first name under which the job has neither failed nor been called off. */
    private static JobId untried(JobId first, Jobs jobs) {
        var id = first;
        for (var attempt = 2;
                jobs.status(id).filter(TrainingStudyCommand::cameToNothing).isPresent();
                attempt++) {
            id = JobId.parse(first + "-" + attempt);
        }
        return id;
    }

    private static boolean cameToNothing(JobStatus status) {
        return switch (status.state()) {
            case JobState.Failed _, JobState.Cancelled _ -> true;
            case JobState.Completed _, JobState.Active _ -> false;
        };
    }

    private void say(List<TrainingRun> runs, String machine) {
        if (runs.isEmpty()) {
            terminal.say(results + " holds no result of " + model);
            return;
        }
        var tables = new TrainingReport(runs);
        tables.markdown(machine).lines().forEach(terminal::say);
        if (report != null) {
            tables.write(report);
        }
    }
}
