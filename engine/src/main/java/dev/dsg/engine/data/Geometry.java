package dev.dsg.engine.data;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * How an image of any size becomes one of the network's: its shortest side is brought to a length, the other to the same
 * scale (rounded down), and of that the centre is cut out.
 *
 * @param resize the length of the shortest side, in pixels
 * @param cropHeight rows of the result
 * @param cropWidth columns of the result
 * @param interpolation how the pixels are made up
 */
public record Geometry(int resize, int cropHeight, int cropWidth, Interpolation interpolation) {

    /** The longest a side may become: more is no picture but a line. */
    private static final int LONGEST = 1 << 16;

    public Geometry {
        require("geometry.crop", Math.min(cropHeight, cropWidth), 1);
        require("geometry.resize", resize, Math.max(cropHeight, cropWidth));
    }

    private static void require(String field, int value, int least) {
        if (value < least) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, "at least " + least);
        }
    }

    /**
     * The image in the network's size. Nothing outside the part that is cut out is computed.
     *
     * @throws EngineException if a side would become longer than 65,536 pixels
     */
    public Image apply(Image image) {
        int shortest = Math.min(image.height(), image.width());
        int rows = scaled(image.height(), shortest);
        int columns = scaled(image.width(), shortest);
        Axis across = axis(image.width(), columns, cropWidth);
        Axis down = axis(image.height(), rows, cropHeight);
        return mixRows(mixColumns(image, across, down.start(), down.end()), down);
    }

    private int scaled(int side, int shortest) {
        long length = (long) resize * side / shortest;
        if (length > LONGEST) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, "image", "a side " + side + " long, the other " + shortest, "sides alike");
        }
        return (int) length;
    }

    private Axis axis(int source, int result, int crop) {
        int from = (int) Math.rint((result - crop) / 2.0);
        return Axis.of(source, result, from, crop, interpolation);
    }

    /** The columns that are wanted, of the rows {@code from} to {@code to} only; other rows stay 0. */
    private static Image mixColumns(Image image, Axis columns, int from, int to) {
        int channels = image.channels();
        byte[] mixed = new byte[image.height() * columns.count() * channels];
        for (int y = from; y < to; y++) {
            columns.mixLine(
                    image.pixels(), y * image.width() * channels, channels, mixed, y * columns.count() * channels);
        }
        return new Image(image.height(), columns.count(), channels, mixed);
    }

    private static Image mixRows(Image image, Axis rows) {
        int length = image.width() * image.channels();
        byte[] mixed = new byte[rows.count() * length];
        for (int y = 0; y < rows.count(); y++) {
            rows.mixLines(y, image.pixels(), length, mixed);
        }
        return new Image(rows.count(), image.width(), image.channels(), mixed);
    }
}
