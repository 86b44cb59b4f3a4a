package dev.dsg.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class LivenessTest {

    @Test
    void shouldNotTakeAnEndedProcessThatNobodyAskedAboutForOneThatRuns() throws Exception {
        // Given a shell that became another program, which never asks what became of the shell's child
        var parent = new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; exec sleep 60").start();
        try {
            var child = ProcessHandle.of(Long.parseLong(parent.inputReader().readLine()))
                    .orElseThrow();

            // When it ends
            Awaitility.await().until(() -> !Liveness.runs(child));

            // Then
            assertThat(child.isAlive()).as("what Java says of it").isTrue();
            assertThat(Liveness.runs(parent.toHandle())).isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }
}
