package dev.dsg.standalone.system;

import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The file that says what runs. It is replaced as a whole, so a reader sees all of it or what was before.
 *
 * @param path where it lies
 */
record SystemFile(Path path) {

    Optional<SystemRecord> read() {
        try {
            return Optional.of(Json.parse(Files.readAllBytes(path), SystemRecord.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    void write(SystemRecord record) {
        var userOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var half = path.resolveSibling(path.getFileName() + ".part");
        try {
            Files.deleteIfExists(half);
            Files.createFile(half, userOnly);
            Files.writeString(half, Json.pretty(record));
            Files.move(half, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }
}
