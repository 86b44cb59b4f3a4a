package dev.dsg.engine.data;

import dev.dsg.engine.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * Random crop of the image padded by {@code padding} pixels of value 0 (after normalisation, the mean colour), and a
 * horizontal flip of every second image on average.
 */
public record Augmentation(Preprocessing preprocessing, int padding) {

    /** The images {@code order[from..to)} of {@code images}, each cropped and flipped by {@code random}. */
    public Tensor batch(ImageSet images, int[] order, int from, int to, RandomGenerator random) {
        float[] values = new float[(to - from) * images.imageBytes()];
        float[][] table = preprocessing.table();
        for (int i = from; i < to; i++) {
            int dy = random.nextInt(2 * padding + 1) - padding;
            int dx = random.nextInt(2 * padding + 1) - padding;
            crop(images, order[i], dy, dx, random.nextBoolean(), table, values, (i - from) * images.imageBytes());
        }
        return Tensor.ofChannelsLast(values, to - from, images.channels(), images.height(), images.width());
    }

    private static void crop(
            ImageSet images, int image, int dy, int dx, boolean flip, float[][] table, float[] out, int at) {
        int channels = images.channels();
        int source = image * images.imageBytes();
        for (int y = 0; y < images.height(); y++) {
            for (int x = 0; x < images.width(); x++) {
                int sy = y + dy;
                int sx = (flip ? images.width() - 1 - x : x) + dx;
                boolean inside = sy >= 0 && sy < images.height() && sx >= 0 && sx < images.width();
                for (int c = 0; c < channels; c++, at++) {
                    out[at] = inside
                            ? table[c][images.pixels()[source + (sy * images.width() + sx) * channels + c] & 0xff]
                            : 0;
                }
            }
        }
    }
}
