package dev.dsg.standalone.dataset;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The archive of CIFAR-10's authors: records of one label byte and 3,072 pixel bytes, {@code [channels, height, width]}.
 *
 * @param source where to fetch it
 * @param checksum what it must be
 */
record OfficialBinaries(URI source, Checksum checksum) implements Publication {

    private static final int SIDE = 32;
    private static final int CHANNELS = 3;
    private static final int PLANE = SIDE * SIDE;
    private static final int RECORD = 1 + CHANNELS * PLANE;
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
            sets.add(images(
                    entry, Files.readAllBytes(folder.resolve(Path.of(entry).getFileName()))));
        }
        return ImageSet.concat(sets);
    }

    private static ImageSet images(String name, byte[] records) {
        if (records.length == 0 || records.length % RECORD != 0) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, name, records.length + " bytes", "a multiple of " + RECORD + " bytes");
        }
        var count = records.length / RECORD;
        var labels = new int[count];
        var pixels = new byte[count * CHANNELS * PLANE];
        for (var image = 0; image < count; image++) {
            labels[image] = records[image * RECORD] & 0xff;
            interleave(records, image * RECORD + 1, pixels, image * CHANNELS * PLANE);
        }
        return new ImageSet(SIDE, SIDE, CHANNELS, pixels, labels);
    }

    /** From {@code [channels, height, width]} to {@code [height, width, channels]}. */
    private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (var channel = 0; channel < CHANNELS; channel++) {
            for (var i = 0; i < PLANE; i++) {
                pixels[to + i * CHANNELS + channel] = planes[from + channel * PLANE + i];
            }
        }
    }
}
