package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.Tensor;

/** What every natural image has: neighbours that are alike, and limited contrast (Yin et al., 2020, equation 3). */
final class ImagePriors {

    /** Under the roots, whose slope at 0 has no bound. */
    private static final double EPSILON = 1e-8;

    private ImagePriors() {}

    /**
     * The Euclidean norms, over the whole of {@code x [batch, channels, height, width]}, of the differences between pixels
     * and their neighbours to the right, below, below left and below right; their sum, 0-dimensional.
     */
    static Tensor totalVariation(Tensor x) {
        long h = x.size(2);
        long w = x.size(3);
        Tensor left = x.slice(3, 0, w - 1, 1);
        Tensor right = x.slice(3, 1, w, 1);
        return length(right.sub(left))
                .add(length(below(x, h).sub(above(x, h))))
                .add(length(below(left, h).sub(above(right, h))))
                .add(length(below(right, h).sub(above(left, h))));
    }

    private static Tensor above(Tensor x, long height) {
        return x.slice(2, 0, height - 1, 1);
    }

    private static Tensor below(Tensor x, long height) {
        return x.slice(2, 1, height, 1);
    }

    private static Tensor length(Tensor difference) {
        return difference.square().sum().add(EPSILON).sqrt();
    }

    /** The mean over images of their Euclidean norm, 0-dimensional. */
    static Tensor pixelNorm(Tensor x) {
        Tensor squares = x.square().sum(new int[] {1, 2, 3}, false);
        return squares.add(EPSILON).sqrt().mean();
    }
}
