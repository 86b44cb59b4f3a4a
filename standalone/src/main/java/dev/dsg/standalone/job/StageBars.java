package dev.dsg.standalone.job;

import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.standalone.terminal.Progress;
import dev.dsg.standalone.terminal.Terminal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One bar for each stage of a job, from what is told and what is known of it, in whatever order that comes. */
final class StageBars implements AutoCloseable {

    private static final String BATCH = "batch/";
    private static final String PROBE = "probe";
    private static final String GENERATOR = "generator";
    private static final String TRAINING = "training";
    private static final String LOSS = "loss";

    private final Terminal terminal;
    private final Map<String, JobEvent.Progress> tasks = new TreeMap<>();
    private JobState state = new JobState.Submitted();
    private long version;
    private Progress bar;

    StageBars(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The job is in this state, as the store says. */
    void show(JobStatus status) {
        show(status.state(), status.version());
    }

    /** The job told this. */
    void show(JobEvent event) {
        show(event.state(), event.stateVersion());
        // What is told of a stage that is over comes too late.
        if (event.state().stage() == state.stage() && event.progress() != null) {
            tasks.put(event.progress().task(), event.progress());
            draw();
            plot(event.progress());
        }
    }

    private void show(JobState said, long saidVersion) {
        if (saidVersion <= version) {
            return;
        }
        version = saidVersion;
        if (said.stage() != state.stage()) {
            close();
            tasks.clear();
            bar = begin(said.stage());
        }
        state = said;
        draw();
    }

    private Progress begin(Stage stage) {
        return switch (stage) {
            case SYNTHESIZING -> terminal.progress("synthesis", "");
            case QUANTIZING -> terminal.progress("quantization", "");
            case EVALUATING -> terminal.progress("evaluation", "");
            case SUBMITTED, COMPLETED, FAILED, CANCELLED -> null;
        };
    }

    private void draw() {
        if (bar == null) {
            return;
        }
        if (state instanceof Synthesizing synthesizing) {
            draw(synthesizing);
        } else if (tasks.get(TRAINING) instanceof JobEvent.Progress training) {
            draw(training, "");
        } else {
            tasks.values().forEach(task -> bar.to(task.done(), task.total()));
        }
    }

    /** Learning tells how well it goes. */
    private void draw(JobEvent.Progress learning, String words) {
        bar.to(learning.done(), learning.total());
        bar.note(Stream.concat(Stream.of(words), Measures.words(learning.measures()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", ")));
    }

    private void plot(JobEvent.Progress task) {
        var learns = task.task().equals(TRAINING) || task.task().equals(GENERATOR);
        if (bar != null && learns && task.measures().containsKey(LOSS)) {
            bar.plot(LOSS, task.done(), task.measures().get(LOSS));
        }
    }

    /** All batches are one piece of work; a batch that is there counts in full, whether or not it told of its end. */
    private void draw(Synthesizing batches) {
        if (tasks.get(GENERATOR) instanceof JobEvent.Progress generator) {
            draw(generator, probing() + "generator");
            return;
        }
        var perBatch = tasks.values().stream()
                .filter(task -> task.task().startsWith(BATCH))
                .mapToLong(JobEvent.Progress::total)
                .max()
                .orElse(1);
        var told = tasks.values().stream()
                .filter(task -> task.task().startsWith(BATCH))
                .mapToLong(JobEvent.Progress::done)
                .sum();
        bar.to(Math.max(told, batches.done() * perBatch), batches.total() * perBatch);
        bar.note(probing() + batches.done() + "/" + batches.total() + " batches");
    }

    /** Before the first batch of a network, its statistics are probed. */
    private String probing() {
        var probe = tasks.get(PROBE);
        return probe == null || probe.done() == probe.total()
                ? ""
                : "probing the network " + probe.done() + "/" + probe.total() + ", ";
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
