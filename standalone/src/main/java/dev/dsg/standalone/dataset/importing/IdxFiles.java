package dev.dsg.standalone.dataset.importing;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.dataset.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Images and labels in the form that MNIST is published in: a magic number (two zeros, 8 for unsigned bytes, the number of
 * dimensions), each dimension in four bytes, the highest first, then the bytes. Files may be compressed with gzip.
 *
 * @param origin where they lie
 */
record IdxFiles(Origin origin) {

    private static final String IMAGES = "images-idx3-ubyte";
    private static final String LABELS = "labels-idx1-ubyte";
    private static final int UNSIGNED_BYTES = 8;

    /** Whether they lie at a path. */
    static boolean lie(Path path, Part part) {
        return Files.isDirectory(path)
                ? find(path, prefix(part) + IMAGES).isPresent()
                : path.getFileName().toString().contains(IMAGES);
    }

    private static String prefix(Part part) {
        return part == Part.TEST ? "t10k-" : "train-";
    }

    LabelledImages read() {
        var file = images();
        var images = Idx.read(file, 3);
        var labelFile = labels(file);
        var labels = Idx.read(labelFile, 1);
        if (labels.size[0] != images.size[0]) {
            throw Refusal.of(labelFile, labels.size[0] + " labels", images.size[0] + ", one per image of " + file);
        }
        var numbers = new int[labels.bytes.length];
        Arrays.setAll(numbers, i -> labels.bytes[i] & 0xff);
        var classes = classes(numbers, labelFile);
        for (var i = 0; i < numbers.length; i++) {
            classes.require(numbers[i], labelFile + ", image " + i);
        }
        var set = new ImageSet(images.size[1], images.size[2], 1, images.bytes, numbers);
        return LabelledImages.of(classes.names(), file.getFileName() + " in " + folder(file), set);
    }

    private static Path folder(Path file) {
        return file.toAbsolutePath().getParent().getFileName();
    }

    private ClassNames classes(int[] labels, Path file) {
        return origin.classes()
                .map(ClassNames::read)
                .orElseGet(() -> ClassNames.numbered(Arrays.stream(labels).max().orElse(0) + 1, file));
    }

    private Path images() {
        return Files.isDirectory(origin.path())
                ? require(origin.path(), prefix(origin.part()) + IMAGES)
                : origin.path();
    }

    private static Path labels(Path images) {
        var name = images.getFileName().toString();
        if (!name.contains(IMAGES)) {
            throw Refusal.of(images, "a file", "one with " + IMAGES + " in its name, or the folder of it");
        }
        return require(
                images.toAbsolutePath().getParent(),
                name.replace(IMAGES, LABELS).replaceAll("\\.gz$", ""));
    }

    private static Path require(Path folder, String name) {
        return find(folder, name)
                .orElseThrow(() -> Refusal.of(folder, "without " + name, "that file, or " + name + ".gz"));
    }

    private static Optional<Path> find(Path folder, String name) {
        return Stream.of(name, name + ".gz")
                .map(folder::resolve)
                .filter(Files::exists)
                .findFirst();
    }

    /** One file: its dimensions and its bytes. */
    private record Idx(int[] size, byte[] bytes) {

        static Idx read(Path file, int dimensions) {
            var content = ByteBuffer.wrap(content(file));
            var magic = UNSIGNED_BYTES << 8 | dimensions;
            if (content.remaining() < 4 || content.getInt(0) != magic) {
                var found = content.remaining() < 4 ? "too short" : String.format("0x%08x", content.getInt(0));
                throw Refusal.of(file + ", magic number", found, String.format("0x%08x", magic));
            }
            var head = 4 + 4 * dimensions;
            if (content.remaining() < head) {
                throw Refusal.of(file, content.remaining() + " bytes", "at least " + head);
            }
            var size = new int[dimensions];
            var bytes = 1L;
            for (var i = 0; i < dimensions; i++) {
                size[i] = content.getInt(4 + 4 * i);
                if (size[i] < 1) {
                    throw Refusal.of(file + ", dimension " + i, size[i], "at least 1");
                }
                bytes = Math.min(bytes, Integer.MAX_VALUE) * size[i];
            }
            if (content.remaining() - head != bytes) {
                throw Refusal.of(
                        file,
                        content.remaining() + " bytes",
                        head + bytes + ", as its head says " + Arrays.toString(size));
            }
            return new Idx(size, Arrays.copyOfRange(content.array(), head, content.capacity()));
        }

        private static byte[] content(Path file) {
            var bytes = Refusal.bytes(file);
            if (bytes.length < 2 || (bytes[0] & 0xff) != 0x1f || (bytes[1] & 0xff) != 0x8b) {
                return bytes;
            }
            try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw Refusal.of(file, "corrupt (" + e.getMessage() + ")", "a whole gzip file");
            }
        }
    }
}
