package dev.dsg.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    @Test
    void shouldFallAtEveryMilestone() {
        Schedule schedule = new Schedule.Milestones(0.1, List.of(3, 5), 0.1);

        double[] rates = {0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001};
        for (int step = 0; step < rates.length; step++) {
            assertThat(schedule.at(step)).as("step " + step).isCloseTo(rates[step], within(1e-15));
        }
    }

    @Test
    void shouldStayWithoutMilestones() {
        assertThat(new Schedule.Milestones(0.1, List.of(), 0.1).at(1_000_000)).isEqualTo(0.1);
    }

    @Test
    void shouldFallAlongACosine() {
        Schedule schedule = new Schedule.Cosine(0.2, 100);

        assertThat(schedule.at(0)).isEqualTo(0.2);
        assertThat(schedule.at(25)).isCloseTo(0.2 * (1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(schedule.at(50)).isCloseTo(0.1, within(1e-12));
        assertThat(schedule.at(99)).isPositive().isLessThan(1e-4);
        assertThat(schedule.at(100)).isZero();
        assertThat(schedule.at(130)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void shouldRefuseARateThatIsNone(double rate) {
        for (Runnable making : List.<Runnable>of(
                () -> new Schedule.Milestones(rate, List.of(), 0.1), () -> new Schedule.Cosine(rate, 10))) {
            assertThatThrownBy(making::run)
                    .isInstanceOf(EngineException.class)
                    .hasMessage("learningRate is " + rate + ", expected above 0 and finite");
        }
    }

    @Test
    void shouldRefuseMilestonesOutOfOrder() {
        for (List<Integer> milestones : List.of(List.of(0), List.of(3, 3), List.of(5, 3))) {
            assertThatThrownBy(() -> new Schedule.Milestones(0.1, milestones, 0.1))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("milestones is " + milestones + ", expected ascending steps above 0");
        }
    }

    @Test
    void shouldRefuseADecayThatRaisesAndACosineWithoutSteps() {
        for (double decay : new double[] {0, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> new Schedule.Milestones(0.1, List.of(), decay))
                    .hasMessage("decay is " + decay + ", expected above 0, at most 1");
        }
        assertThatThrownBy(() -> new Schedule.Cosine(0.1, 0)).hasMessage("steps is 0, expected at least 1");
    }
}
