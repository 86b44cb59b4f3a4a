package dev.dsg.standalone.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
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
    void shouldDrawThePlotAboveTheBarAgainAndAgain() {
        // When
        try (var bar = terminal.progress("quantization", "")) {
            bar.plot("loss", 1, 3);
            bar.to(2, 10);
            bar.plot("loss", 2, 2);
            terminal.draw("the bar");
            bar.plot("loss", 3, 1);
            terminal.say("a line");
        }

        // Then what is drawn again begins where it was, and what is said comes above it
        assertThat(screen()).hasSize(6).startsWith("a line").last().asString().contains("quantization");
        assertThat(screen().get(1)).startsWith("     3.00 ");
        assertThat(screen().get(4)).startsWith("     1.00 ");
    }

    /** What a terminal shows that knows what we tell it. */
    private List<String> screen() {
        var lines = new ArrayList<>(List.of(""));
        var row = 0;
        var parts = said.toString(UTF_8).split("(?=\\033\\[|\r|\n)");
        for (var part : parts) {
            var text = part;
            if (part.startsWith("\n")) {
                row++;
                text = part.substring(1);
            } else if (part.startsWith("\r")) {
                text = part.substring(1);
            } else if (part.matches("(?s)\033\\[\\d+A.*")) {
                row -= Integer.parseInt(part.substring(2, part.indexOf('A')));
                text = part.substring(part.indexOf('A') + 1);
            } else if (part.startsWith("\033[K")) {
                lines.set(row, "");
                text = part.substring(3);
            } else if (part.startsWith("\033[J")) {
                lines.subList(row, lines.size()).clear();
                text = part.substring(3);
            }
            while (lines.size() <= row) {
                lines.add("");
            }
            lines.set(row, lines.get(row) + text);
        }
        lines.removeIf(String::isEmpty);
        return lines;
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
        assertThat(said.toString(UTF_8)).contains("\r\033[Jepoch 1\nthe bar");
    }
}
