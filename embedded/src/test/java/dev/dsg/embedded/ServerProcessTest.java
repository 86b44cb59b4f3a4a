package dev.dsg.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the main classes with the class path that a launcher would give them. */
final class ServerProcessTest {

    private static final Map<String, String> CREDENTIALS =
            Map.of("DSG_STORE_ACCESS_KEY", "access", "DSG_STORE_SECRET_KEY", "secret", "DSG_STORE_BUCKET", "dsg");

    @TempDir
    private Path directory;

    @Test
    void shouldRunTheBrokerUntilToldToStop() throws Exception {
        shouldRunUntilToldToStop(BrokerMain.class, "meta.properties");
    }

    @Test
    void shouldRunTheS3ServerUntilToldToStop() throws Exception {
        shouldRunUntilToldToStop(S3Main.class, "dsg");
    }

    private void shouldRunUntilToldToStop(Class<?> main, String kept) throws Exception {
        // Given
        var process = start(main, "0");
        try {
            // When
            await().atMost(Duration.ofSeconds(20)).until(() -> read("out.txt").contains("\n"));
            process.destroy();

            // Then it ends by itself and its data is there
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(read("out.txt")).matches("READY \\d+\n");
            assertThat(read("err.txt")).as("one logging backend").doesNotContain("SLF4J");
            assertThat(directory.resolve("data").resolve(kept)).exists();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldSayWhatItExpectsWhenAnArgumentIsWrong() throws Exception {
        var process = start(BrokerMain.class, "not-a-port");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        assertThat(read("err.txt")).contains("expected: DIRECTORY PORT");
    }

    private Process start(Class<?> main, String port) throws IOException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                directory.resolve("data").toString(),
                port);
        builder.environment().putAll(CREDENTIALS);
        builder.redirectOutput(directory.resolve("out.txt").toFile());
        builder.redirectError(directory.resolve("err.txt").toFile());
        return builder.start();
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }
}
