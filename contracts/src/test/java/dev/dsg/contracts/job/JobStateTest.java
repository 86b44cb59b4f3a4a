package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobState.Active;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.JobState.Terminal;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JobStateTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    static Stream<Active> active() {
        return Stream.of(new Submitted(), new Synthesizing(1, 2), new Quantizing(), new Evaluating());
    }

    @Test
    void shouldGoFromSubmittedToCompleted() {
        // When
        Synthesizing synthesizing = new Submitted().synthesizing(2);
        Completed completed =
                synthesizing.progressedTo(2).quantizing().evaluating().completed();

        // Then
        assertThat(synthesizing).isEqualTo(new Synthesizing(0, 2));
        assertThat(completed.stage()).isEqualTo(Stage.COMPLETED);
    }

    @ParameterizedTest
    @MethodSource("active")
    void shouldFailOrBeCancelledFromEveryActiveState(Active state) {
        assertThat(state.fail(DsgException.invalid("seed", -1, "more")))
                .isEqualTo(new Failed(ErrorCode.INVALID_FIELD, "seed", "seed is -1, expected more"));
        assertThat(state.cancel("asked to")).isEqualTo(new Cancelled("asked to"));
    }

    @Test
    void shouldOfferNoWayOutOfATerminalStateButForPeople() {
        assertThat(List.of(Completed.class, Cancelled.class))
                .allSatisfy(state -> assertThat(transitions(state)).isEmpty());
        assertThat(transitions(Failed.class)).containsOnly("reopened");
    }

    @Test
    void shouldOfferOnlyTheLegalWaysOutOfAnActiveState() {
        assertThat(transitions(Submitted.class)).containsOnly("fail", "cancel", "synthesizing");
        assertThat(transitions(Synthesizing.class))
                .containsOnly("fail", "cancel", "progressedTo", "quantizing", "streaming");
        assertThat(transitions(Quantizing.class)).containsOnly("fail", "cancel", "evaluating");
        assertThat(transitions(Evaluating.class)).containsOnly("fail", "cancel", "completed");
    }

    @Test
    void shouldBeEitherActiveOrTerminal() {
        assertThat(JobState.class.getPermittedSubclasses()).containsOnly(Active.class, Terminal.class);
        assertThat(Stage.values())
                .hasSize(Active.class.getPermittedSubclasses().length + Terminal.class.getPermittedSubclasses().length);
    }

    @Test
    void shouldNotQuantizeBeforeAllBatchesAreThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Synthesizing(1, 2).quantizing())
                .withMessage("only 1 of 2 batches are there");
    }

    @Test
    void shouldLearnFromTheFirstBatchWhileOthersAreMade() {
        assertThat(new Synthesizing(1, 2).streaming()).isEqualTo(new Quantizing());
        assertThatIllegalStateException()
                .isThrownBy(() -> new Synthesizing(0, 2).streaming())
                .withMessage("none of 2 batches is there");
    }

    @Test
    void shouldNotTakeProgressBack() {
        assertThat(new Synthesizing(2, 3).progressedTo(1)).isEqualTo(new Synthesizing(2, 3));
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> new Synthesizing(2, 3).progressedTo(4));
    }

    @Test
    void shouldCountVersionsAndRememberWhenEachStageBegan() {
        // When
        JobStatus status = JobStatus.first(JobId.parse("j1"), new Submitted(), START)
                .next(new Synthesizing(0, 2), START.plusSeconds(1))
                .next(new Synthesizing(1, 2), START.plusSeconds(5))
                .next(new Quantizing(), START.plusSeconds(11));

        // Then
        assertThat(status.version()).isEqualTo(4);
        assertThat(status.history()).hasSize(3);
        assertThat(status.submittedAt()).isEqualTo(START);
        assertThat(status.entered(Stage.SYNTHESIZING)).contains(START.plusSeconds(1));
        assertThat(status.entered(Stage.EVALUATING)).isEmpty();
        assertThat(status.changedAt()).isEqualTo(START.plusSeconds(11));
    }

    @Test
    void shouldBeginTheTimesAnewWhenAFailedJobIsOpenedAgain() {
        // Given
        var failed = new Failed(ErrorCode.INTERNAL, null, "a defect");
        JobStatus status = JobStatus.first(JobId.parse("j1"), new Submitted(), START)
                .next(failed, START.plusSeconds(1))
                .reopened(failed.reopened(), START.plusSeconds(60));

        // Then
        assertThat(status.state()).isEqualTo(new Submitted());
        assertThat(status.version()).isEqualTo(3);
        assertThat(status.submittedAt()).isEqualTo(START.plusSeconds(60));
        assertThat(status.entered(Stage.FAILED)).isEmpty();
    }

    @Test
    void shouldMeasureTheTimeSpentInAStage() {
        // Given
        JobStatus status = JobStatus.first(JobId.parse("j1"), new Submitted(), START)
                .next(new Synthesizing(0, 1), START.plusSeconds(1));

        // Then
        Instant now = START.plusSeconds(4);
        assertThat(status.spentIn(Stage.SUBMITTED, now)).isEqualTo(Duration.ofSeconds(1));
        assertThat(status.spentIn(Stage.SYNTHESIZING, now)).isEqualTo(Duration.ofSeconds(3));
        assertThat(status.spentIn(Stage.QUANTIZING, now)).isZero();
    }

    @Test
    void shouldRefuseAHistoryThatEndsElsewhere() {
        List<JobStatus.Entry> history = List.of(new JobStatus.Entry(Stage.SUBMITTED, START));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobStatus(JobId.parse("j1"), new Quantizing(), 1, history));
    }

    private static Stream<String> transitions(Class<? extends JobState> state) {
        return Arrays.stream(state.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> JobState.class.isAssignableFrom(method.getReturnType()))
                .map(Method::getName);
    }
}
