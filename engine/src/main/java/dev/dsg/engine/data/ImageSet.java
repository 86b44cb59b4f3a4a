package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled 8-bit images of one size.
 *
 * @param height rows
 * @param width columns
 * @param channels 3 for RGB
 * @param pixels {@code [count, height, width, channels]}, unsigned bytes
 * @param labels {@code [count]}, class numbers
 */
public record ImageSet(int height, int width, int channels, byte[] pixels, int[] labels) implements Images {

    public ImageSet {
        if (pixels.length != labels.length * height * width * channels) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "pixels",
                    pixels.length + " bytes",
                    labels.length + " images of " + height + "x" + width + "x" + channels);
        }
    }

    /** Bytes of one image. */
    public int imageBytes() {
        return height * width * channels;
    }

    /** Images {@code from} (inclusive) to {@code to} (exclusive). */
    public ImageSet slice(int from, int to) {
        return new ImageSet(
                height,
                width,
                channels,
                Arrays.copyOfRange(pixels, from * imageBytes(), to * imageBytes()),
                Arrays.copyOfRange(labels, from, to));
    }

    @Override
    public Image image(int index) {
        int at = index * imageBytes();
        return new Image(height, width, channels, Arrays.copyOfRange(pixels, at, at + imageBytes()));
    }

    /**
     * Joins images, at least one, and their labels.
     *
     * @throws EngineException if they are not of one size
     */
    public static ImageSet of(List<Image> images, int[] labels) {
        Image first = images.getFirst();
        int size = first.pixels().length;
        byte[] pixels = new byte[images.size() * size];
        for (int i = 0; i < images.size(); i++) {
            Image image = images.get(i);
            if (image.height() != first.height()
                    || image.width() != first.width()
                    || image.channels() != first.channels()) {
                throw new EngineException(
                        Kind.INCOMPATIBLE_SHAPES, "image", image.shape(), first.shape() + ", the shape of the first");
            }
            System.arraycopy(image.pixels(), 0, pixels, i * size, size);
        }
        return new ImageSet(first.height(), first.width(), first.channels(), pixels, labels);
    }

    /** All images of {@code parts}, which have one size, in order. */
    public static ImageSet concat(List<ImageSet> parts) {
        ImageSet first = parts.getFirst();
        int count = parts.stream().mapToInt(ImageSet::count).sum();
        byte[] pixels = new byte[count * first.imageBytes()];
        int[] labels = new int[count];
        int at = 0;
        for (ImageSet part : parts) {
            System.arraycopy(part.pixels, 0, pixels, at * first.imageBytes(), part.pixels.length);
            System.arraycopy(part.labels, 0, labels, at, part.count());
            at += part.count();
        }
        return new ImageSet(first.height, first.width, first.channels, pixels, labels);
    }

    /** {@code images} (U8) and {@code labels} (I32). */
    @Override
    public byte[] toShard() {
        return new SafetensorsWriter()
                .uint8("images", new long[] {count(), height, width, channels}, pixels)
                .int32("labels", new long[] {count()}, labels)
                .toBytes();
    }

    /** Reads what {@link #toShard} wrote. */
    static ImageSet of(Safetensors shard) {
        long[] shape = shard.shape("images");
        if (shape.length != 4) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, "images", Arrays.toString(shape), "[count, height, width, channels]");
        }
        return new ImageSet(
                (int) shape[1], (int) shape[2], (int) shape[3], shard.bytes("images"), shard.ints("labels"));
    }
}
