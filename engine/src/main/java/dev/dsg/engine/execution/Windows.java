package dev.dsg.engine.execution;

import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.tensor.Tensor;

/**
 * Convolution and pooling with any padding. The native library pads opposite sides alike, and pooling by half a kernel at
 * most, and its mean counts padding even where it is told not to; whatever goes beyond that is padded (or cut) here first,
 * so that the native window fits exactly.
 */
final class Windows {

    private Windows() {}

    static Tensor conv(Tensor x, Tensor weight, Tensor bias, Op.Conv conv) {
        Padding padding = conv.padding();
        boolean own = padding.symmetric();
        Tensor padded = own ? x : x.pad(padding.top(), padding.left(), padding.bottom(), padding.right(), 0);
        return padded.conv2d(
                weight,
                bias,
                new int[] {conv.stride().height(), conv.stride().width()},
                own ? new int[] {padding.top(), padding.left()} : new int[2],
                new int[] {conv.dilation().height(), conv.dilation().width()},
                conv.groups());
    }

    static Tensor max(Tensor x, Window window) {
        return isNative(window)
                ? x.maxPool(kernel(window), stride(window), leading(window), window.ceil())
                : fitted(x, window, Double.NEGATIVE_INFINITY)
                        .maxPool(kernel(window), stride(window), new int[2], false);
    }

    static Tensor average(Tensor x, Window window, boolean countPadding) {
        if (isNative(window) && (countPadding || window.padding().equals(Padding.NONE))) {
            return x.averagePool(kernel(window), stride(window), leading(window), window.ceil());
        }
        float[] shares = shares(window, countPadding, Math.toIntExact(x.size(2)), Math.toIntExact(x.size(3)));
        int rows = window.rows(Math.toIntExact(x.size(2)));
        return fitted(x, window, 0)
                .averagePool(kernel(window), stride(window), new int[2], false)
                .mul(Tensor.of(shares, rows, shares.length / rows));
    }

    private static boolean isNative(Window window) {
        Padding padding = window.padding();
        return padding.symmetric()
                && 2 * padding.top() <= window.kernel().height()
                && 2 * padding.left() <= window.kernel().width();
    }

    /** {@code x} with the padding in place, as long as the last window reaches. */
    private static Tensor fitted(Tensor x, Window window, double value) {
        int height = Math.toIntExact(x.size(2));
        int width = Math.toIntExact(x.size(3));
        int top = window.padding().top();
        int left = window.padding().left();
        int rows = (window.rows(height) - 1) * window.stride().height()
                + window.kernel().height();
        int columns = (window.columns(width) - 1) * window.stride().width()
                + window.kernel().width();
        return x.pad(top, left, rows - top - height, columns - left - width, value);
    }

    /** For every window, the kernel's area over the number of places that count. */
    private static float[] shares(Window window, boolean countPadding, int height, int width) {
        int rows = window.rows(height);
        int columns = window.columns(width);
        Padding padding = window.padding();
        int kernelHeight = window.kernel().height();
        int kernelWidth = window.kernel().width();
        float[] shares = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            int from = row * window.stride().height() - padding.top();
            int counted = counted(from, kernelHeight, height, countPadding, padding.top(), padding.bottom());
            for (int column = 0; column < columns; column++) {
                int start = column * window.stride().width() - padding.left();
                int across = counted(start, kernelWidth, width, countPadding, padding.left(), padding.right());
                shares[row * columns + column] = (float) (window.kernel().area() / (double) (counted * across));
            }
        }
        return shares;
    }

    private static int counted(int from, int kernel, int length, boolean countPadding, int before, int after) {
        int first = countPadding ? -before : 0;
        int end = countPadding ? length + after : length;
        return Math.max(1, Math.min(from + kernel, end) - Math.max(from, first));
    }

    private static int[] kernel(Window window) {
        return new int[] {window.kernel().height(), window.kernel().width()};
    }

    private static int[] stride(Window window) {
        return new int[] {window.stride().height(), window.stride().width()};
    }

    private static int[] leading(Window window) {
        return new int[] {window.padding().top(), window.padding().left()};
    }
}
