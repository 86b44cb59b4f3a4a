package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.process.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemLockTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    private Path folder;

    @Test
    void shouldHaveOneHolderAtATime() {
        var home = new Home(folder);
        try (var _ = SystemLock.acquire(home, SHORT)) {
            assertThatThrownBy(() -> SystemLock.acquire(home, SHORT))
                    .isInstanceOf(SystemProblem.class)
                    .hasMessageContaining("another dsg is starting or stopping");
        }
        assertThatCode(() -> SystemLock.acquire(home, SHORT).close()).doesNotThrowAnyException();
    }

    @Test
    void shouldBeFreeWhenItsHolderIsKilled() throws Exception {
        // Given another process that holds it
        var home = new Home(folder);
        var holder = holder();
        try {
            assertThatThrownBy(() -> SystemLock.acquire(home, SHORT)).isInstanceOf(SystemProblem.class);

            // When
            holder.destroyForcibly().waitFor();

            // Then
            assertThatCode(() -> SystemLock.acquire(home, SHORT).close()).doesNotThrowAnyException();
        } finally {
            holder.destroyForcibly();
        }
    }

    private Process holder() throws IOException {
        var builder = new ProcessBuilder(new Jvm().main(Holder.class.getName(), folder));
        builder.environment().put("CLASSPATH", Jvm.classPath());
        var process = builder.start();
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        return process;
    }

    /** Takes the lock and says so. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            try (var _ = SystemLock.acquire(new Home(Path.of(args[0])), SHORT)) {
                System.out.println("held");
                Thread.sleep(Duration.ofMinutes(1));
            }
        }
    }
}
