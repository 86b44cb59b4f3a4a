package dev.dsg.contracts.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.EvaluationSpec;
import dev.dsg.contracts.result.Accuracy.Change;
import dev.dsg.contracts.result.Accuracy.Interval;
import dev.dsg.contracts.result.Gate.Check;
import dev.dsg.contracts.result.Gate.Criterion;
import dev.dsg.contracts.result.Gate.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Change CHANGE = new Change(0.02, new Interval(0.015, 0.025), 300, 100);
    private static final Speed.Times TIMES = new Speed.Times(1, 2, 3, 1_000);
    private static final Speed SPEED = new Speed(
            "a runtime",
            "a processor",
            1,
            List.of(),
            1,
            false,
            0,
            0,
            List.of(
                    new Speed.Pace(1, 100, TIMES, TIMES, 1.5, new Interval(1.4, 1.6)),
                    new Speed.Pace(16, 100, TIMES, TIMES, 9, new Interval(9, 9))));

    @Test
    void shouldAskNothingOfAJobWithoutThresholds() {
        assertThat(gate(null, null, null)).isEqualTo(new Gate(Verdict.UNASKED, List.of()));
    }

    @Test
    void shouldPassWhatKeepsEveryThreshold() {
        // When
        Gate gate = gate(0.03, 1.2, 1_000L);

        // Then
        assertThat(gate.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(gate.checks())
                .containsExactly(
                        new Check(Criterion.DROP, 0.02, 0.03, true, true),
                        new Check(Criterion.SPEEDUP, 1.5, 1.2, true, true),
                        new Check(Criterion.BYTES, 1_000, 1_000, true, true));
    }

    @Test
    void shouldFailWhatBreaksOne() {
        assertThat(gate(0.01, 1.2, 1_000L).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(gate(0.03, 2.0, 1_000L).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(gate(0.03, 1.2, 999L).verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void shouldSayWhereMoreImagesOrAQuieterMachineCouldTurnTheVerdict() {
        assertThat(gate(0.024, 1.45, 1_000L).checks())
                .extracting(Check::passed, Check::clear)
                .containsExactly(tuple(true, false), tuple(true, false), tuple(true, true));
        assertThat(gate(0.016, 1.55, 999L).checks())
                .extracting(Check::passed, Check::clear)
                .containsExactly(tuple(false, false), tuple(false, false), tuple(false, true));
        assertThat(gate(0.014, 1.7, 999L).checks()).allMatch(Check::clear);
    }

    @Test
    void shouldRefuseAVerdictThatDoesNotFollow() {
        List<Check> failed = List.of(new Check(Criterion.BYTES, 2, 1, false, true));
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> new Gate(Verdict.PASSED, failed))
                .withMessage("gate.verdict is \"passed\", expected failed by its checks");
    }

    private static Gate gate(Double maxDrop, Double minSpeedup, Long maxBytes) {
        return Gate.of(new EvaluationSpec("d", 1, 1, maxDrop, minSpeedup, maxBytes), CHANGE, SPEED, 1_000);
    }
}
