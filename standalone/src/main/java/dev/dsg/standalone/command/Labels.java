package dev.dsg.standalone.command;

import dev.dsg.contracts.error.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The names of classes, as people give them. */
final class Labels {

    private Labels() {}

    /**
     * Reads a file with a line for each class, a list with commas, or the classes of a data set in the store.
     *
     * @param text which of these, or {@code null} for no names
     * @param datasets knows the classes of a data set
     */
    static List<String> read(String text, Function<String, List<String>> datasets) {
        if (text == null) {
            return List.of();
        }
        var file = Path.of(text);
        if (Files.isRegularFile(file)) {
            return lines(file);
        }
        return text.contains(",")
                ? Arrays.stream(text.split(",")).map(String::strip).toList()
                : datasets.apply(Require.name("labels", text));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
