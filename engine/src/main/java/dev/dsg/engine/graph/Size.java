package dev.dsg.engine.graph;

/** A height and a width, both at least 1: of a kernel, a stride, a dilation or an image. */
public record Size(int height, int width) {

    /** 1 by 1. */
    public static final Size ONE = new Size(1, 1);

    public Size {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("size " + height + "x" + width + " has a side below 1");
        }
    }

    /** The same length both ways. */
    public static Size square(int length) {
        return new Size(length, length);
    }

    /** The number of places. */
    public int area() {
        return Math.multiplyExact(height, width);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
