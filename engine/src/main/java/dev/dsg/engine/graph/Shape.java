package dev.dsg.engine.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one example: {@code [channels, height, width]} for images, without the batch, which may have any size.
 * Axes are numbered as in the tensor that holds a batch: 0 is the batch, 1 the first of {@code sizes}.
 *
 * @param sizes one entry a dimension, at least 1
 */
public record Shape(List<Integer> sizes) {

    public Shape {
        sizes = List.copyOf(sizes);
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("shape " + sizes + " has a length below 1");
            }
        }
        count(sizes);
    }

    /** The shape with the given sizes. */
    public static Shape of(int... sizes) {
        return new Shape(Arrays.stream(sizes).boxed().toList());
    }

    /** The number of dimensions, the batch among them. */
    public int rank() {
        return sizes.size() + 1;
    }

    /** Whether this is {@code [channels, height, width]}. */
    public boolean isImage() {
        return sizes.size() == 3;
    }

    /** The length of dimension {@code axis}, which is 1 or more. */
    public int size(int axis) {
        return sizes.get(axis - 1);
    }

    public int channels() {
        return size(1);
    }

    public int height() {
        return size(2);
    }

    public int width() {
        return size(3);
    }

    /** The number of values of one example. */
    public int count() {
        return count(sizes);
    }

    private static int count(List<Integer> sizes) {
        return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /** As text: {@code [batch, 3, 32, 32]}. */
    @Override
    public String toString() {
        return sizes.stream().map(size -> ", " + size).collect(Collectors.joining("", "[batch", "]"));
    }
}
