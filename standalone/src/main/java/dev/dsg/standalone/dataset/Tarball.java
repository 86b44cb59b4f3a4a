package dev.dsg.standalone.dataset;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A gzipped tar.
 *
 * @param file where it lies
 */
public record Tarball(Path file) {

    /**
     * Unpacks some entries, each into a folder under its last name. An entry appears there when it is complete.
     *
     * @param wanted full names of the entries
     * @throws IOException also when one of them is missing
     */
    public void unpack(Collection<String> wanted, Path folder) throws IOException {
        var missing = new HashSet<>(wanted);
        try (var in = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), 1 << 16))) {
            for (var entry = in.getNextEntry(); entry != null && !missing.isEmpty(); entry = in.getNextEntry()) {
                // Only names that were asked for become paths, so none can lead out of the folder.
                if (missing.remove(entry.getName())) {
                    var target = folder.resolve(Path.of(entry.getName()).getFileName());
                    var half = folder.resolve(target.getFileName() + ".part");
                    Files.copy(in, half, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(half, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException(file + " has no " + String.join(", ", missing));
        }
    }
}
