package dev.dsg.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.platform.redrive.Letter;
import dev.dsg.platform.redrive.LetterBox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a dead letter. */
@Command(name = "show", description = "Shows a dead letter: why, where its record came from, and all that it said.")
final class DlqShowCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Parameters(paramLabel = "LETTER", description = "its id, as `dsg dlq list` gives it, such as dsg.jobs/0/17")
    private String id;

    @Override
    public Integer call() {
        try (var connection = homeOption.connect()) {
            lines(new LetterBox(connection.access().kafka()).letter(id)).forEach(System.out::println);
        }
        return ExitCode.OK;
    }

    static List<String> lines(Letter letter) {
        var content = letter.content();
        var lines = new ArrayList<String>();
        line(lines, "letter", letter.id());
        line(lines, "at", content.at());
        line(lines, "redriven", letter.redriven().map(Instant::toString).orElse("no"));
        line(lines, "code", content.code());
        line(lines, "why", content.message());
        line(lines, "field", content.field());
        line(lines, "expected", content.expected());
        line(lines, "key", content.origin().key());
        line(lines, "deliveries", content.origin().deliveries());
        for (var header : letter.headers()) {
            line(lines, header.key(), header.value() == null ? null : new String(header.value(), UTF_8));
        }
        lines.add("");
        lines.add(content.payload());
        return lines;
    }

    private static void line(List<String> lines, String name, Object value) {
        if (value != null) {
            lines.add(String.format("%-15s %s", name, value));
        }
    }
}
