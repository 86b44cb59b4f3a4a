package dev.dsg.standalone.measure;

import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.Sha256;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs the jobs of a study, as far as its file does not hold their results. */
public final class TrainingStudy {

    private final StudyFile<TrainingRun> file;
    private final Sha256 network;

    /** @param network digest of the file of the network that is studied */
    public TrainingStudy(StudyFile<TrainingRun> file, Sha256 network) {
        this.file = file;
        this.network = network;
    }

    /**
     * Runs what is missing, one job after the other. A job that fails leaves no line.
     *
     * @param runner runs a job to its end; empty for one that did not end well
     * @param say told of each result
     * @return how many jobs failed
     */
    public int run(List<TrainingJob> jobs, Function<TrainingJob, Optional<JobReport>> runner, Consumer<String> say) {
        int failed = 0;
        for (TrainingJob job : jobs) {
            // Read anew each time: another study may write to the same file.
            if (file.read().stream().noneMatch(run -> job.isAnsweredBy(run, network))) {
                Optional<TrainingRun> run = runner.apply(job).map(job::run);
                run.ifPresent(file::append);
                say.accept(run.map(done -> line(job, done)).orElse(job + ": failed"));
                failed += run.isPresent() ? 0 : 1;
            }
        }
        return failed;
    }

    /** The results that there are of some jobs. */
    public List<TrainingRun> results(List<TrainingJob> jobs) {
        return file.read().stream()
                .filter(run -> jobs.stream().anyMatch(job -> job.isAnsweredBy(run, network)))
                .toList();
    }

    private static String line(TrainingJob job, TrainingRun run) {
        return String.format(Locale.ROOT, "%s: %.2f %% (%.1f s)", job, 100 * run.top1(), run.seconds());
    }
}
