package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network expects of an image: its size, and {@code (pixel / 255 - mean) / deviation} per channel.
 *
 * @param mean {@code [channels]}, in 0..1
 * @param deviation {@code [channels]}, above 0
 * @param geometry how images come to the network's size; empty if they have it
 */
public record Preprocessing(float[] mean, float[] deviation, Optional<Geometry> geometry) {

    /** For images that have the network's size. */
    public Preprocessing(float[] mean, float[] deviation) {
        this(mean, deviation, Optional.empty());
    }

    /** Of numbers as a card holds them. */
    public static Preprocessing of(List<Double> mean, List<Double> deviation, Optional<Geometry> geometry) {
        return new Preprocessing(floats(mean), floats(deviation), geometry);
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    /**
     * Images {@code from} (inclusive) to {@code to} (exclusive) as {@code [batch, channels, height, width]}, channels innermost
     * in memory. Grey images are repeated for every channel. Files are decoded in parallel.
     *
     * @throws EngineException if the images have colours where the network takes none, differ in size though there is no
     *     geometry, or cannot be decoded
     */
    public Tensor batch(Images images, int from, int to) {
        return images instanceof ImageSet set && geometry.isEmpty() && set.channels() == channels()
                ? normalised(set, from, to)
                : normalised(fitted(images, from, to), 0, to - from);
    }

    private int channels() {
        return mean.length;
    }

    private ImageSet fitted(Images images, int from, int to) {
        List<Image> fitted = IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> fitted(images.image(i)))
                .toList();
        return ImageSet.of(fitted, new int[to - from]);
    }

    private Image fitted(Image image) {
        return geometry.map(fit -> fit.apply(image)).orElse(image).withChannels(channels());
    }

    private Tensor normalised(ImageSet images, int from, int to) {
        float[] values = new float[(to - from) * images.imageBytes()];
        float[][] table = table();
        byte[] pixels = images.pixels();
        int channels = images.channels();
        int start = from * images.imageBytes();
        for (int i = 0; i < values.length; i++) {
            values[i] = table[i % channels][pixels[start + i] & 0xff];
        }
        return Tensor.ofChannelsLast(values, to - from, channels, images.height(), images.width());
    }

    /** The value of each channel's pixel 0..255: {@code [channels][256]}. */
    public float[][] table() {
        float[][] table = new float[mean.length][256];
        for (int c = 0; c < mean.length; c++) {
            for (int p = 0; p < 256; p++) {
                table[c][p] = (p / 255f - mean[c]) / deviation[c];
            }
        }
        return table;
    }
}
