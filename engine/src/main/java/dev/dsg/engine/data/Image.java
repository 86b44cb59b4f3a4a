package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * One 8-bit image.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels 1 for grey, 3 for RGB
 * @param pixels {@code [height, width, channels]}, unsigned bytes
 */
public record Image(int height, int width, int channels, byte[] pixels) {

    public Image {
        if (height < 1 || width < 1 || pixels.length != height * width * channels) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "pixels",
                    pixels.length + " bytes",
                    "an image of " + height + "x" + width + "x" + channels);
        }
    }

    /** Its shape as people write it, {@code HxWxC}. */
    String shape() {
        return height + "x" + width + "x" + channels;
    }

    /**
     * The image as a network of so many channels takes it: grey is repeated for red, green and blue.
     *
     * @throws EngineException for colours where the network takes none
     */
    Image withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        if (channels != 1) {
            throw new EngineException(
                    Kind.INCOMPATIBLE_SHAPES, "channels", channels, wanted == 1 ? "1" : "1 or " + wanted);
        }
        byte[] repeated = new byte[pixels.length * wanted];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = pixels[i / wanted];
        }
        return new Image(height, width, wanted, repeated);
    }
}
