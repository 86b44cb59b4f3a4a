package dev.dsg.engine.data;

/**
 * How the pixels between pixels are made up. Where an image shrinks, the kernels stretch with it, so that every pixel of
 * the source has its part in the result: what image libraries call antialiasing.
 */
public enum Interpolation {
    /** The pixel in whose area the centre of the new one falls. */
    NEAREST(0.5),
    /** The triangle {@code 1 - |t|}. */
    BILINEAR(1),
    /** Keys' cubic convolution with {@code a = -1/2}. */
    BICUBIC(2);

    private static final double A = -0.5;

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /** Half the width of the kernel, in pixels. */
    double support() {
        return support;
    }

    /** The kernel at distance {@code t} of its centre. */
    double weight(double t) {
        double x = Math.abs(t);
        return switch (this) {
            case NEAREST -> x < 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case BICUBIC -> x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        };
    }
}
