package dev.dsg.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OneCycleTest {

    private final OneCycle schedule = new OneCycle(0.2, 0.3, 100);

    @Test
    void shouldRiseToThePeakAndFallToAlmostNothing() {
        assertThat(schedule.at(0)).isCloseTo(0.2 / 25, within(1e-12));
        assertThat(schedule.at(29)).isCloseTo(0.2, within(1e-12));
        assertThat(schedule.at(99)).isCloseTo(0.2 / 25 / 1e4, within(1e-9));
    }

    @Test
    void shouldHaveOnePeak() {
        for (int step = 1; step < 100; step++) {
            assertThat(schedule.at(step) > schedule.at(step - 1))
                    .as("step " + step)
                    .isEqualTo(step <= 29);
        }
    }
}
