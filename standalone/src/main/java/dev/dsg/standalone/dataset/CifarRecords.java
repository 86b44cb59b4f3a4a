package dev.dsg.standalone.dataset;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.data.ImageSet;

/**
 * The records of CIFAR's binary versions: some label bytes, of which the last counts, and 3,072 pixel bytes,
 * {@code [channels, height, width]}.
 *
 * @param labelBytes 1 for CIFAR-10, 2 for CIFAR-100 with its coarse and its fine label
 * @param classes labels are below
 */
public record CifarRecords(int labelBytes, int classes) {

    private static final int SIDE = 32;
    private static final int CHANNELS = 3;
    private static final int PLANE = SIDE * SIDE;

    /**
     * Reads records.
     *
     * @param name what errors call them
     * @throws EngineException if they are cut off, or a label is none
     */
    public ImageSet read(String name, byte[] records) {
        var size = labelBytes + CHANNELS * PLANE;
        if (records.length == 0 || records.length % size != 0) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, name, records.length + " bytes", "a multiple of " + size + " bytes");
        }
        var labels = new int[records.length / size];
        var pixels = new byte[labels.length * CHANNELS * PLANE];
        for (var image = 0; image < labels.length; image++) {
            var at = image * size + labelBytes;
            labels[image] = label(name, image, records[at - 1] & 0xff);
            interleave(records, at, pixels, image * CHANNELS * PLANE);
        }
        return new ImageSet(SIDE, SIDE, CHANNELS, pixels, labels);
    }

    private int label(String name, int image, int label) {
        if (label >= classes) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, name + ", image " + image, "label " + label, "a label in 0.." + (classes - 1));
        }
        return label;
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
