package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.Tensor;

/**
 * The sides of images that are painted from a quarter of them, enlarged twice. Sides that are no multiple of 4 are painted
 * larger and cut.
 */
public record Sides(int height, int width) {

    /** A quarter of the height, rounded up. */
    public int rows() {
        return Math.ceilDiv(height, 4);
    }

    /** A quarter of the width, rounded up. */
    public int columns() {
        return Math.ceilDiv(width, 4);
    }

    /** {@code [batch, channels, 4 rows, 4 columns] -> [batch, channels, height, width]}. */
    public Tensor cut(Tensor painted) {
        return painted.slice(2, 0, height, 1).slice(3, 0, width, 1);
    }
}
