package dev.dsg.contracts.catalog;

import dev.dsg.contracts.error.Require;

/**
 * The shape of one image, {@code [channels, height, width]}.
 *
 * @param channels colour planes
 * @param height rows
 * @param width columns
 */
public record ImageShape(int channels, int height, int width) {
    private static final int LARGEST = 4_096;

    /** Refuses sides that are not positive, or absurd. */
    public ImageShape {
        Require.within("channels", channels, 1, LARGEST);
        Require.within("height", height, 1, LARGEST);
        Require.within("width", width, 1, LARGEST);
    }

    /** Number of values in one image. */
    public int elements() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }
}
