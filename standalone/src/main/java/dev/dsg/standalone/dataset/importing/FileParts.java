package dev.dsg.standalone.dataset.importing;

import dev.dsg.engine.data.EncodedImages;
import dev.dsg.engine.data.Images;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.catalog.LabelledImages.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Image files with their labels, cut into shards by the sizes of the files, so that the same files make the same shards. */
final class FileParts {

    private static final int MOST_IMAGES = 2_000;

    /**
     * A labelled file.
     *
     * @param path where it lies
     * @param label the number of its class
     */
    record Labelled(Path path, int label) {}

    private final List<Part> parts = new ArrayList<>();
    private final List<Labelled> next = new ArrayList<>();
    private long bytes;

    private FileParts() {}

    /** Cuts files, in their order. */
    static List<Part> cut(List<Labelled> files) {
        var cutter = new FileParts();
        files.forEach(cutter::add);
        cutter.finish();
        return cutter.parts;
    }

    /** Whether a file is called as images are. */
    static boolean image(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).matches("[^.].*\\.(jpe?g|png)");
    }

    /** The images directly in a folder, sorted by name. */
    static List<Path> images(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(FileParts::image)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Refusal.unreadable(folder, e);
        }
    }

    private void add(Labelled file) {
        var size = size(file.path);
        if (!next.isEmpty() && (bytes + size > LabelledImages.SHARD_BYTES || next.size() == MOST_IMAGES)) {
            finish();
        }
        next.add(file);
        bytes += size;
    }

    private void finish() {
        parts.add(new FilePart(List.copyOf(next)));
        next.clear();
        bytes = 0;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw Refusal.unreadable(file, e);
        }
    }

    private record FilePart(List<Labelled> files) implements Part {
        @Override
        public int count() {
            return files.size();
        }

        @Override
        public Images read() {
            return new EncodedImages(
                    files.stream().map(file -> Refusal.bytes(file.path)).toList(),
                    files.stream().mapToInt(Labelled::label).toArray());
        }

        @Override
        public String name(int index) {
            return files.get(index).path.toString();
        }
    }
}
