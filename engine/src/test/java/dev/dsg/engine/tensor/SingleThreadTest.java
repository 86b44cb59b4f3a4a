package dev.dsg.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SingleThreadTest {

    @Test
    void shouldUseOneThreadUntilItIsClosed() {
        int usual = SingleThread.threads();

        try (SingleThread _ = SingleThread.open()) {
            assertThat(SingleThread.threads()).isEqualTo(1);
        }

        assertThat(SingleThread.threads()).isEqualTo(usual);
    }
}
