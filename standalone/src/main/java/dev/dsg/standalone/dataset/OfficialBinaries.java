package dev.dsg.standalone.dataset;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The archive of CIFAR-10's authors.
 *
 * @param source where to fetch it
 * @param checksum what it must be
 */
record OfficialBinaries(URI source, Checksum checksum) implements Publication {

    private static final CifarRecords RECORDS = new CifarRecords(1, 10);
    private static final String FOLDER = "cifar-10-batches-bin/";

    /** As published; the authors give an MD5 digest and no other. */
    OfficialBinaries() {
        this(
                URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                new Checksum("MD5", "c32a1d4ab5d03f1284b67883e8d87530"));
    }

    @Override
    public String archive() {
        return "cifar-10-binary.tar.gz";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public void fetch(Path folder, Terminal terminal) throws IOException, InterruptedException {
        new Download(terminal).fetch("CIFAR-10", source, folder.resolve(archive()));
    }

    @Override
    public List<String> entries(Part part) {
        return switch (part) {
            case TEST -> List.of(FOLDER + "test_batch.bin");
            case TRAIN -> {
                var entries = new ArrayList<String>();
                for (var batch = 1; batch <= 5; batch++) {
                    entries.add(FOLDER + "data_batch_" + batch + ".bin");
                }
                yield entries;
            }
        };
    }

    @Override
    public ImageSet read(Path folder, Part part) throws IOException {
        var sets = new ArrayList<ImageSet>();
        for (var entry : entries(part)) {
            sets.add(RECORDS.read(
                    entry, Files.readAllBytes(folder.resolve(Path.of(entry).getFileName()))));
        }
        return ImageSet.concat(sets);
    }
}
