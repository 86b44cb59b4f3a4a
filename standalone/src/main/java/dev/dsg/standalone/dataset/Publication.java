package dev.dsg.standalone.dataset;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One form in which CIFAR-10 is published: an archive, and how to read what is in it. */
sealed interface Publication permits NpmSheets, OfficialBinaries {

    /** The file name of the archive, a gzipped tar. */
    String archive();

    /** What the archive must be. */
    Checksum checksum();

    /** Whether it can be fetched here. */
    boolean available();

    /**
     * Fetches the archive into a folder, picking up where an earlier try left off if it can.
     *
     * @throws IOException when it cannot be had; the message says why
     */
    void fetch(Path folder, Terminal terminal) throws IOException, InterruptedException;

    /** The entries of the archive that make up a part. */
    List<String> entries(Part part);

    /**
     * Reads a part.
     *
     * @param folder where the entries lie, by their last name
     */
    ImageSet read(Path folder, Part part) throws IOException;
}
