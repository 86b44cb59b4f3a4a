package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobFieldsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "training.milestones=100,200,300",
                "training.milestones = 100, 200, 300",
                "training.milestones=[100,200,300]"
            })
    void shouldTakeAListWithOrWithoutBrackets(String assignment) {
        assertThat(assigned(assignment).training().milestones()).containsExactly(100, 200, 300);
    }

    @Test
    void shouldTakeAListOfOneAndOfNone() {
        assertThat(assigned("training.milestones=5").training().milestones()).containsExactly(5);
        assertThat(assigned("training.milestones=").training().milestones()).isEmpty();
    }

    @Test
    void shouldLetTheLastAssignmentWin() {
        var request = JobFields.of(
                Map.of("model", "m", "quantization.weightBits", 4),
                List.of("quantization.weightBits=3", "quantization.weightBits=2", "training.nesterov=false"));
        assertThat(request.quantization().weightBits()).isEqualTo(2);
        assertThat(request.training().nesterov()).isFalse();
    }

    @Test
    void shouldSuggestTheNearestNameAndRefuseTheWrongKind() {
        assertThatThrownBy(() -> assigned("training.milestone=3"))
                .isInstanceOf(DsgException.class)
                .hasMessageStartingWith(
                        "training.milestone is not a field, expected one of milestones (the nearest), source, epochs");
        assertThatThrownBy(() -> assigned("training.milestones=soon"))
                .isInstanceOf(DsgException.class)
                .hasMessageStartingWith("training.milestones");
    }

    private static JobRequest assigned(String assignment) {
        return JobFields.of(Map.of("model", "m"), List.of(assignment));
    }
}
