package dev.dsg.standalone.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class BarTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Terminal terminal = Terminal.interactive(new PrintStream(said, true, UTF_8));

    @Test
    void shouldEndWithTheWholeBarInOneLine() {
        // When
        try (var bar = terminal.progress("synthesis", "")) {
            bar.to(50, 200);
            bar.note("1/1 batches");
            bar.to(200, 200);
        }

        // Then it was redrawn in place, and the last drawing stays
        var text = said.toString(UTF_8);
        assertThat(text).containsOnlyOnce("\n").endsWith("\n");
        assertThat(text.substring(text.lastIndexOf('\r'))).contains("synthesis", "100%", "200/200", "1/1 batches");
    }

    @Test
    void shouldSayLinesAboveTheBar() {
        // When
        try (var bar = terminal.progress("training", "")) {
            bar.to(1, 2);
            terminal.draw("the bar");
            terminal.say("epoch 1");
        }

        // Then
        assertThat(said.toString(UTF_8)).contains("\r\033[Kepoch 1\nthe bar");
    }
}
