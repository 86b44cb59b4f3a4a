package dev.dsg.engine.synthesis;

import java.util.Random;

/**
 * What a batch's images shall be.
 *
 * @param settings of the synthesis
 * @param count how many images
 * @param channels of each, as height and width
 * @param random the only source of randomness: drawn from in a fixed order, it makes the batch the same every time
 */
public record Canvas(SynthesisSettings settings, int count, int channels, int height, int width, Random random) {

    /** The number of pixel values in the batch. */
    public int values() {
        return Math.multiplyExact(Math.multiplyExact(count, channels), Math.multiplyExact(height, width));
    }
}
