package dev.dsg.standalone.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What one process says; what its predecessor said last is kept beside it.
 *
 * @param path the file
 */
record Log(Path path) {

    /** An empty file for a new process. */
    void begin() {
        try {
            Files.createDirectories(path.getParent());
            if (Files.exists(path)) {
                Files.move(
                        path,
                        path.resolveSibling(path.getFileName() + ".previous"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.createFile(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot begin " + path, e);
        }
    }

    /** Its lines so far. */
    List<String> lines() {
        try {
            // A process may have been cut off in the middle of a character.
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of("cannot read " + path + ": " + e.getMessage());
        }
    }

    /** The last lines, indented, for a message to people. */
    String tail(int count) {
        var lines = lines();
        return String.join(
                System.lineSeparator(),
                lines.subList(Math.max(0, lines.size() - count), lines.size()).stream()
                        .map(line -> "  " + line)
                        .toList());
    }
}
