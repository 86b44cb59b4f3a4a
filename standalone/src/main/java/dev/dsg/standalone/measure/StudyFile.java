package dev.dsg.standalone.measure;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The results of a study, one JSON object a line. A study that is killed goes on where the file ends; several that share a
 * file may run at once, for a line is appended in one write.
 *
 * @param path where it lies or will lie
 * @param type of a result
 */
public record StudyFile<R>(Path path, Class<R> type) {

    /**
     * All results, in the order of their lines.
     *
     * @throws SystemProblem naming a line that is none
     */
    public List<R> read() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            List<R> runs = new ArrayList<>();
            List<String> lines = Files.readAllLines(path);
            for (int i = 0; i < lines.size(); i++) {
                runs.add(parse(lines.get(i), i + 1));
            }
            return runs;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private R parse(String line, int number) {
        try {
            return Json.parse(line.getBytes(StandardCharsets.UTF_8), type);
        } catch (DsgException e) {
            throw new SystemProblem("line " + number + " of " + path + " is not the result of a run: " + e.getMessage()
                    + "; delete the line and try again");
        }
    }

    /** Adds a result. */
    public void append(R run) {
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
            String line = new String(Json.bytes(run), StandardCharsets.UTF_8) + "\n";
            Files.writeString(path, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot append to " + path, e);
        }
    }
}
