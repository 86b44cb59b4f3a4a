package dev.dsg.contracts.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an image of any size becomes one of a network's input shape: its shortest side is brought to {@code resize} pixels,
 * the other to the same scale, and the centre is cut out.
 *
 * @param resize the length of the shortest side
 * @param crop what is cut out
 * @param interpolation how pixels are made up; left out ({@code null}), bilinear
 */
public record Geometry(int resize, Crop crop, Interpolation interpolation) {

    private static final int LARGEST = 4_096;

    /**
     * A rectangle in the centre; on the wire {@code 224} for a square, {@code "224x192"} for any other.
     *
     * @param height rows
     * @param width columns
     */
    public record Crop(int height, int width) {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4})");

        /** Refuses sides that are not positive, or absurd. */
        public Crop {
            Require.within("crop", height, 1, LARGEST);
            Require.within("crop", width, 1, LARGEST);
        }

        /** A square. */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public static Crop of(int side) {
            return new Crop(side, side);
        }

        /** Reads {@code HEIGHTxWIDTH}. */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public static Crop parse(String text) {
            Matcher sides = TEXT.matcher(text);
            if (!sides.matches()) {
                throw DsgException.invalid("crop", text, "a number of pixels, or HEIGHTxWIDTH");
            }
            return new Crop(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
        }

        @JsonValue
        Object json() {
            return height == width ? (Object) height : toString();
        }

        @Override
        public String toString() {
            return height + "x" + width;
        }
    }

    /** Refuses a crop that is larger than what it is cut out of. */
    public Geometry {
        Require.present("crop", crop);
        Require.within("resize", resize, Math.max(crop.height, crop.width), LARGEST);
        interpolation = interpolation == null ? Interpolation.BILINEAR : interpolation;
    }

    /** Refuses a crop that is not what the network takes. */
    void requireFit(ImageShape input) {
        if (crop.height != input.height() || crop.width != input.width()) {
            throw DsgException.invalid(
                    "geometry.crop",
                    crop,
                    input.height() + "x" + input.width() + ", height and width of the input shape");
        }
    }
}
