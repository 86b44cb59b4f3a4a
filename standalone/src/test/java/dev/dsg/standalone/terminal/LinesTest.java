package dev.dsg.standalone.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinesTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;
    private final Terminal terminal = Terminal.plain(new PrintStream(said, true, UTF_8), () -> now);

    @Test
    void shouldSayEveryTenthAndHowLongTheRestWillTake() {
        // When 100 units take a second each
        try (var progress = terminal.progress("synthesis", " steps")) {
            for (var done = 0; done <= 40; done++) {
                progress.to(done, 100);
                now = now.plusSeconds(1);
            }
        }

        // Then
        assertThat(lines())
                .containsExactly(
                        "synthesis ...",
                        "synthesis 10/100 steps in 10.0 s, about 1 min 30 s left",
                        "synthesis 20/100 steps in 20.0 s, about 1 min 20 s left",
                        "synthesis 30/100 steps in 30.0 s, about 1 min 10 s left",
                        "synthesis 40/100 steps in 40.0 s, about 1 min 0 s left",
                        "synthesis 40/100 steps in 41.0 s, about 1 min 1 s left");
    }

    @Test
    void shouldNotFloodWhenWorkIsFast() {
        // When 100 units take 50 ms each
        try (var progress = terminal.progress("synthesis", "")) {
            for (var done = 1; done <= 100; done++) {
                now = now.plus(Duration.ofMillis(50));
                progress.to(done, 100);
            }
            progress.note("1/1 batches");
        }

        // Then
        assertThat(lines())
                .containsExactly(
                        "synthesis ...",
                        "synthesis 40/100 in 2.0 s, about 3.0 s left",
                        "synthesis 80/100 in 4.0 s, about 1.0 s left",
                        "synthesis 100/100 in 5.0 s, 1/1 batches");
    }

    @Test
    void shouldCountTimeWhenTheSizeIsNotKnown() {
        try (var progress = terminal.progress("CIFAR-10", " MB")) {
            now = now.plusSeconds(75);
            progress.to(12, Progress.UNKNOWN);
        }
        assertThat(lines()).containsExactly("CIFAR-10 ...", "CIFAR-10 1 min 15 s");
    }

    private List<String> lines() {
        return said.toString(UTF_8).lines().toList();
    }
}
