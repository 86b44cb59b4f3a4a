package dev.dsg.engine.graph;

/**
 * How an image is resized: where in the source a row or column of the result lies, and what is taken from there. The
 * names and formulas are those of ONNX's operator Resize.
 *
 * @param method what is taken from around the place
 * @param placement where the place is
 * @param scaleHeight how many times the height grows; rounding may make the result a little smaller
 * @param scaleWidth how many times the width grows
 */
public record Resampling(Method method, Placement placement, double scaleHeight, double scaleWidth) {

    /** What is taken. */
    public enum Method {
        /** The nearest source value, the lower of two. */
        NEAREST_LOWER,
        /** The nearest source value, the upper of two. */
        NEAREST_UPPER,
        /** The source value at or before the place. */
        NEAREST_FLOOR,
        /** The source value at or behind the place. */
        NEAREST_CEIL,
        /** The two neighbours, weighed by their nearness. */
        LINEAR
    }

    /** Where place {@code i} of the result lies in the source. */
    public enum Placement {
        /** {@code (i + 1/2) / scale - 1/2}. */
        HALF_PIXEL,
        /** As half pixel, but 0 if the result has length 1. */
        PYTORCH_HALF_PIXEL,
        /** {@code i / scale}. */
        ASYMMETRIC,
        /** {@code i (source - 1) / (result - 1)}. */
        ALIGN_CORNERS
    }

    public Resampling {
        if (!(scaleHeight > 0) || !(scaleWidth > 0)) {
            throw new IllegalArgumentException("scales " + scaleHeight + ", " + scaleWidth + " are not above 0");
        }
    }

    /** Row {@code i} holds the share of each of {@code source} rows in row {@code i} of {@code result} rows. */
    public HostTensor rows(int source, int result) {
        return weights(source, result, scaleHeight);
    }

    /** As {@link #rows}, for columns. */
    public HostTensor columns(int source, int result) {
        return weights(source, result, scaleWidth);
    }

    private HostTensor weights(int source, int result, double scale) {
        float[] weights = new float[result * source];
        for (int i = 0; i < result; i++) {
            double place = Math.clamp(place(i, source, result, scale), 0, source - 1);
            int below = (int) Math.floor(place);
            int above = Math.min(below + 1, source - 1);
            double beyond = place - below;
            double share =
                    switch (method) {
                        case NEAREST_FLOOR -> 0;
                        case NEAREST_CEIL -> beyond > 0 ? 1 : 0;
                        case NEAREST_LOWER -> beyond > 0.5 ? 1 : 0;
                        case NEAREST_UPPER -> beyond >= 0.5 ? 1 : 0;
                        case LINEAR -> beyond;
                    };
            weights[i * source + below] += (float) (1 - share);
            weights[i * source + above] += (float) share;
        }
        return new HostTensor(new long[] {result, source}, weights);
    }

    private double place(int i, int source, int result, double scale) {
        return switch (placement) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> result > 1 ? (i + 0.5) / scale - 0.5 : 0;
            case ASYMMETRIC -> i / scale;
            case ALIGN_CORNERS -> result > 1 ? (double) i * (source - 1) / (result - 1) : 0;
        };
    }
}
