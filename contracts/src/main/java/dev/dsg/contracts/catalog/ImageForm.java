package dev.dsg.contracts.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;

/**
 * The form of the images of a set.
 *
 * @param channels 1 if all are grey, 3 if some have colours
 * @param height rows; {@code null} if the images differ in size
 * @param width columns; {@code null} if the images differ in size
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageForm(int channels, Integer height, Integer width) {

    /** Refuses sides that are not positive, or absurd, and one side without the other. */
    public ImageForm {
        Require.atLeast("channels", channels, 1);
        if ((height == null) != (width == null)) {
            throw DsgException.invalid("width", width, "a width if there is a height, and none if there is none");
        }
        if (height != null) {
            Require.atLeast("height", height, 1);
            Require.atLeast("width", width, 1);
        }
    }

    /** The form of images that all have one shape. */
    public static ImageForm of(ImageShape shape) {
        return new ImageForm(shape.channels(), shape.height(), shape.width());
    }

    /** The form of images of which some have this form and some the other. */
    public ImageForm and(ImageForm other) {
        boolean alike = height != null && height.equals(other.height) && width.equals(other.width);
        return new ImageForm(Math.max(channels, other.channels), alike ? height : null, alike ? width : null);
    }

    /** Whether the images differ in size. */
    public boolean varied() {
        return height == null;
    }

    /** Whether a network can take the images: grey ones are repeated for its colours, a geometry brings them to its size. */
    boolean fits(ModelCard model) {
        ImageShape input = model.inputShape();
        boolean size = model.geometry() != null || (!varied() && height == input.height() && width == input.width());
        return size && (channels == input.channels() || channels == 1);
    }

    @Override
    public String toString() {
        return channels + " x " + (varied() ? "differing sizes" : height + " x " + width);
    }
}
