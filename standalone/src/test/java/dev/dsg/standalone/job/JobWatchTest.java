package dev.dsg.standalone.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.JobStatus.Entry;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobEvent.Progress;
import dev.dsg.standalone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class JobWatchTest {

    private static final JobId JOB = JobId.parse("j1");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = Terminal.plain(new PrintStream(said, true, UTF_8));
    private final Queue<JobState> states = new ArrayDeque<>();
    private final List<JobEvent> events = new ArrayList<>();
    private int looks;

    @Test
    void shouldComeToAnEndWithoutAnyEvent() {
        // Given a job that the store knows only after a while
        states.addAll(List.of(new Synthesizing(0, 2), new Evaluating(), new Completed()));

        // When
        var status = watch();

        // Then
        assertThat(status.state()).isEqualTo(new Completed());
        assertThat(said.toString(UTF_8))
                .contains("synthesis ...", "evaluation ...")
                .doesNotContain("quantization");
    }

    @Test
    void shouldCountBatchesAsOnePieceOfWork() {
        // Given two batches of 200 steps, one of which is there though nobody told, while the other is half done
        states.addAll(List.of(new Synthesizing(1, 2), new Completed()));
        events.add(progress(new Synthesizing(0, 2), "batch/00000", 120, 200));
        events.add(progress(new Synthesizing(1, 2), "batch/00001", 20, 200));
        events.add(progress(new Submitted(), "nothing of interest", 1, 10));

        // When
        watch();

        // Then
        assertThat(said.toString(UTF_8)).contains("synthesis 200/400 in ", "left, 1/2 batches");
    }

    @Test
    void shouldTellHowTrainingGoes() {
        // Given a generator that warms up, and a network that learns though not all batches are made
        states.addAll(List.of(new Synthesizing(0, 500), new Quantizing(), new Completed()));
        events.add(progress(new Synthesizing(0, 500), "generator", 120, 700, Map.of("loss", 3.25, "ce", 1.0)));
        events.add(JobEvent.changed(status(new Quantizing()), Instant.EPOCH));
        events.add(progress(new Synthesizing(0, 500), "generator", 300, 700, Map.of("loss", 2.0)));
        events.add(progress(new Quantizing(), "quantization", 1, 1));
        events.add(progress(
                new Quantizing(),
                "training",
                250,
                500,
                Map.of("loss", 0.50333, "agreement", 0.9125, "imagesPerSecond", 212.4)));

        // When
        watch();

        // Then
        assertThat(said.toString(UTF_8))
                .contains("synthesis 120/700 in ", " left, generator, loss 3.250")
                .contains("quantization 250/500 in ", " left, loss 0.5033, agreement 91.3 %, 212 images/s")
                .doesNotContain("300/700");
    }

    @Test
    void shouldLookAtOnceWhenTheStateChanged() {
        // Given an event in each round
        states.addAll(List.of(new Submitted(), new Synthesizing(0, 1), new Evaluating(), new Completed()));
        events.add(JobEvent.changed(status(new Submitted()), Instant.EPOCH));
        for (var state : states) {
            events.add(JobEvent.changed(status(state), Instant.EPOCH));
        }
        var start = System.nanoTime();

        // When
        watch();

        // Then it did not wait for the next second three times
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000L);
    }

    @Test
    void shouldEndWhenWhoeverLooksAfterTheSystemGivesUp() {
        states.add(new Submitted());
        var watch = new JobWatch(_ -> Optional.empty(), terminal, () -> {
            throw new IllegalStateException("processes keep dying");
        });
        assertThatThrownBy(() -> watch.untilEnd(JOB, _ -> List.of())).hasMessage("processes keep dying");
    }

    private JobStatus watch() {
        var watch = new JobWatch(_ -> look(), terminal, () -> {});
        return watch.untilEnd(JOB, _ -> events.isEmpty() ? List.of() : List.of(events.removeFirst()));
    }

    /** Nothing at the first look, as when no service has seen the job yet. */
    private Optional<JobStatus> look() {
        looks++;
        if (looks == 1) {
            return Optional.empty();
        }
        return Optional.of(status(states.size() == 1 ? states.peek() : states.remove()));
    }

    private static JobEvent progress(JobState state, String task, long done, long total, Map<String, Double> measures) {
        return JobEvent.progressed(status(state), Instant.EPOCH, new Progress(task, done, total, measures));
    }

    private static JobEvent progress(JobState state, String task, long done, long total) {
        return JobEvent.progressed(status(state), Instant.EPOCH, new Progress(task, done, total));
    }

    private static JobStatus status(JobState state) {
        var version =
                switch (state) {
                    case Submitted _ -> 1;
                    case Synthesizing synthesizing -> 2 + synthesizing.done();
                    default -> 10;
                };
        return new JobStatus(JOB, state, version, List.of(new Entry(state.stage(), Instant.EPOCH)));
    }
}
