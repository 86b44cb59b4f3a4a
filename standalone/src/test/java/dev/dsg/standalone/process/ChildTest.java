package dev.dsg.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildTest {

    @TempDir
    private Path folder;

    @Test
    void shouldReturnTheExitCode() throws Exception {
        assertThat(Child.run(new ProcessBuilder("sh", "-c", "exit 3"))).isEqualTo(3);
        assertThatThrownBy(() -> Child.run(new ProcessBuilder("no-such-program")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldNotOutliveTheProcessThatRunsIt() throws Exception {
        // Given a Java process that runs a shell, which writes down its number
        var pid = folder.resolve("pid");
        var builder = new ProcessBuilder(new Jvm().main(Parent.class.getName(), pid));
        builder.environment().put("CLASSPATH", Jvm.classPath());
        var parent = builder.start();
        Awaitility.await()
                .until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());
        var child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

        // When the parent is told to end
        parent.destroy();

        // Then
        assertThat(parent.waitFor(Duration.ofSeconds(10))).isTrue();
        Awaitility.await().until(() -> !Liveness.runs(child));
    }

    /** Runs a shell that does not end by itself. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            Child.run(new ProcessBuilder("sh", "-c", "echo $$ > " + args[0] + "; while :; do sleep 1; done"));
        }
    }
}
