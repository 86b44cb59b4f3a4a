package dev.dsg.standalone.catalog;

import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Images;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled images on their way into the store, a shard at a time.
 *
 * @param classes names of the classes, in the order of the labels
 * @param source where the images are from, for people
 * @param parts the shards, in order
 */
public record LabelledImages(List<String> classes, String source, List<Part> parts) {

    /** So many bytes of images make a shard: the store's server takes four times that for a moment. */
    public static final long SHARD_BYTES = 16 << 20;

    private static final int SHARD_IMAGES = 2_000;

    /** What becomes one shard. */
    public interface Part {
        /** The number of images. */
        int count();

        /** Reads them; files are not decoded yet. */
        Images read();

        /** What people call image {@code index} of them, such as its path. */
        String name(int index);
    }

    /** Copies the lists. */
    public LabelledImages {
        classes = List.copyOf(classes);
        parts = List.copyOf(parts);
    }

    /** Images of one size that are in memory. */
    public static LabelledImages of(List<String> classes, String source, ImageSet images) {
        var step = Math.clamp(SHARD_BYTES / images.imageBytes(), 1, SHARD_IMAGES);
        var parts = new ArrayList<Part>();
        for (var from = 0; from < images.count(); from += step) {
            parts.add(new Slice(images, from, Math.min(from + step, images.count()), source));
        }
        return new LabelledImages(classes, source, parts);
    }

    /** The number of images in all. */
    public int count() {
        return parts.stream().mapToInt(Part::count).sum();
    }

    private record Slice(ImageSet images, int from, int to, String source) implements Part {
        @Override
        public int count() {
            return to - from;
        }

        @Override
        public Images read() {
            return images.slice(from, to);
        }

        @Override
        public String name(int index) {
            return "image " + (from + index) + " of " + source;
        }
    }
}
