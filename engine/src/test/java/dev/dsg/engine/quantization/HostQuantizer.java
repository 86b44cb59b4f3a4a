package dev.dsg.engine.quantization;

/** The affine quantizer in plain Java, one value at a time: the slow and obvious twin of {@link AffineQuantizer}. */
final class HostQuantizer {

    private final int bits;
    private final float scale;
    private final float zeroPoint;

    HostQuantizer(int bits, float lo, float hi) {
        this.bits = bits;
        this.scale = (float) ((1 << bits) - 1) / Math.max(hi - lo, 1e-8f);
        this.zeroPoint = round(scale * lo) + (1 << (bits - 1));
    }

    float scale() {
        return scale;
    }

    float zeroPoint() {
        return zeroPoint;
    }

    float quantize(float v) {
        float q = round(scale * v - zeroPoint);
        return Math.max(-(1 << (bits - 1)), Math.min((1 << (bits - 1)) - 1, q));
    }

    float fakeQuantize(float v) {
        return (quantize(v) + zeroPoint) / scale;
    }

    float[] fakeQuantize(float[] values) {
        float[] left = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            left[i] = fakeQuantize(values[i]);
        }
        return left;
    }

    private static float round(float v) {
        return (float) Math.rint(v);
    }
}
