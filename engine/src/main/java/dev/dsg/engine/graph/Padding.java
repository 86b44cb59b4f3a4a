package dev.dsg.engine.graph;

/** Rows above and below an image and columns on its left and right, none of them negative. */
public record Padding(int top, int left, int bottom, int right) {

    /** No padding. */
    public static final Padding NONE = new Padding(0, 0, 0, 0);

    public Padding {
        if (top < 0 || left < 0 || bottom < 0 || right < 0) {
            throw new IllegalArgumentException("padding " + top + ", " + left + ", " + bottom + ", " + right
                    + " (top, left, bottom, right) has a side below 0");
        }
    }

    /** The same on all four sides. */
    public static Padding of(int all) {
        return new Padding(all, all, all, all);
    }

    /** The same above as below, and left as right. */
    public static Padding of(int vertical, int horizontal) {
        return new Padding(vertical, horizontal, vertical, horizontal);
    }

    /** Whether opposite sides are padded alike. */
    public boolean symmetric() {
        return top == bottom && left == right;
    }
}
