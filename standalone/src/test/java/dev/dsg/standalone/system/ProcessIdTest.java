package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessIdTest {

    private final ProcessId ours = ProcessId.of(ProcessHandle.current());

    @Test
    void shouldFindAProcessThatRuns() {
        assertThat(ours.alive()).isTrue();
        assertThat(ours.find()).contains(ProcessHandle.current());
    }

    @Test
    void shouldNotTakeALaterProcessOfTheSameNumberForIt() {
        var earlier = new ProcessId(ours.pid(), ours.started().minus(Duration.ofMinutes(1)));
        assertThat(earlier.alive()).isFalse();
    }

    @Test
    void shouldSeeThatAProcessEnded() throws Exception {
        // Given
        var process = new ProcessBuilder("sleep", "60").start();
        var id = ProcessId.of(process.toHandle());
        assertThat(id.alive()).isTrue();

        // When
        process.destroyForcibly().waitFor();

        // Then
        assertThat(id.alive()).isFalse();
    }
}
