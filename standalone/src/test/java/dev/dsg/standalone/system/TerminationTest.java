package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TerminationTest {

    @Test
    void shouldAskFirstAndKillWhoDoesNotListen() throws Exception {
        // Given one that ends when asked, and one that does not
        var polite = start("trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done");
        var deaf = start("trap '' TERM; echo ready; while :; do sleep 0.1; done");

        // When
        new Termination(Duration.ofSeconds(2)).end(List.of(polite.toHandle(), deaf.toHandle()));

        // Then
        assertThat(polite.waitFor()).as("ended in order").isEqualTo(7);
        assertThat(deaf.waitFor()).as("killed").isEqualTo(128 + 9);
    }

    private static Process start(String script) throws IOException {
        var process = new ProcessBuilder("sh", "-c", script).start();
        // The trap is set once it says so.
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
        return process;
    }
}
