package dev.dsg.engine.graph;

/**
 * The window of a pooling operation.
 *
 * @param kernel its size
 * @param stride how far it moves
 * @param padding places outside the image that it may cover; what they count for is said by the operation
 * @param ceil whether a last window that only partly fits is taken too
 */
public record Window(Size kernel, Size stride, Padding padding, boolean ceil) {

    /** A square window without ceil mode. */
    public static Window square(int kernel, int stride, int padding) {
        return new Window(Size.square(kernel), Size.square(stride), Padding.of(padding), false);
    }

    /** The same window in ceil mode. */
    public Window withCeil() {
        return new Window(kernel, stride, padding, true);
    }

    /** The number of windows over {@code height} rows; 0 or less if none fits. */
    public int rows(int height) {
        return positions(height, kernel.height(), stride.height(), padding.top(), padding.bottom());
    }

    /** The number of windows over {@code width} columns; 0 or less if none fits. */
    public int columns(int width) {
        return positions(width, kernel.width(), stride.width(), padding.left(), padding.right());
    }

    /** A window of ceil mode that would start behind the image and its leading padding is not taken, as in PyTorch. */
    private int positions(int length, int kernel, int stride, int before, int after) {
        long room = (long) length + before + after - kernel;
        if (room < 0) {
            return 0;
        }
        long count = (ceil ? Math.ceilDiv(room, (long) stride) : room / stride) + 1;
        return Math.toIntExact(ceil && (count - 1) * stride >= (long) length + before ? count - 1 : count);
    }
}
