package dev.dsg.standalone.dataset.importing;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What is wrong with a file of the user, and reading files so that this is said. */
final class Refusal {

    private Refusal() {}

    /** The refusal of a file, or of a place in it. */
    static EngineException of(Object place, Object found, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, place.toString(), found, expected);
    }

    /** All of a file. */
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The lines of a text file. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw of(file, "not UTF-8", "a text file");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The refusal of a file that cannot be read. */
    static EngineException unreadable(Path file, IOException e) {
        return of(file, e instanceof NoSuchFileException ? "missing" : "unreadable (" + e + ")", "a readable file");
    }
}
