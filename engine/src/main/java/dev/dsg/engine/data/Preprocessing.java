package dev.dsg.engine.data;

import dev.dsg.engine.tensor.Tensor;

/**
 * What a network expects of an image: {@code (pixel / 255 - mean) / deviation} per channel.
 *
 * @param mean {@code [channels]}, in 0..1
 * @param deviation {@code [channels]}, above 0
 */
public record Preprocessing(float[] mean, float[] deviation) {

    /** Images {@code from} (inclusive) to {@code to} (exclusive) as {@code [batch, channels, height, width]}, channels innermost in memory. */
    public Tensor batch(ImageSet images, int from, int to) {
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
