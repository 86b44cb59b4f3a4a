package dev.dsg.standalone.command;

import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.platform.redrive.Letter;
import dev.dsg.platform.redrive.LetterBox;
import dev.dsg.standalone.terminal.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(name = "list", description = "Lists the dead letters that the broker still keeps, oldest first.")
final class DlqListCommand implements Callable<Integer> {

    private static final int MESSAGE = 100;

    @Mixin
    private HomeOption homeOption;

    @Option(names = "--code", paramLabel = "CODE", description = "only those with this error code")
    private ErrorCode code;

    @Override
    public Integer call() {
        var table = new Table("letter", "at", "code", "key", "redriven", "why");
        try (var connection = homeOption.connect()) {
            new LetterBox(connection.access().kafka())
                    .letters().stream()
                            .filter(letter -> code == null || letter.content().code() == code)
                            .forEach(letter -> row(table, letter));
        }
        table.lines().forEach(System.out::println);
        return ExitCode.OK;
    }

    private static void row(Table table, Letter letter) {
        var content = letter.content();
        table.row(
                letter.id(),
                seconds(content.at()),
                content.code().name(),
                content.recordKey(),
                letter.redriven().map(DlqListCommand::seconds).orElse("no"),
                shortened(content.message()));
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String shortened(String message) {
        var line = message.replaceAll("\\s+", " ");
        return line.length() <= MESSAGE ? line : line.substring(0, MESSAGE - 3) + "...";
    }
}
