package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The asymmetric affine quantizer of ZeroQ. With {@code n = 2^bits - 1} and a range {@code [lo, hi]},
 *
 * <pre>
 * scale = n / max(hi - lo, 1e-8)            zeroPoint = round(scale * lo) + 2^(bits-1)
 * q     = clamp(round(scale * v - zeroPoint), -2^(bits-1), 2^(bits-1) - 1)
 * v'    = (q + zeroPoint) / scale
 * </pre>
 *
 * in float32, rounding half to even. {@code scale} is the number of steps per unit, the reciprocal of what others call
 * scale. The range need not contain 0, so the zero point may lie outside the integers of the bit width.
 *
 * @param bits the width of {@code q}
 * @param scale 0-dimensional for one range of a whole tensor, {@code [channels]} for one per slice of its first dimension
 * @param zeroPoint shaped as {@code scale}; whole numbers
 */
public record AffineQuantizer(BitWidth bits, HostTensor scale, HostTensor zeroPoint) {

    static final float SMALLEST_EXTENT = 1e-8f;

    public AffineQuantizer {
        if (scale.shape().length > 1 || !Arrays.equals(scale.shape(), zeroPoint.shape())) {
            throw new IllegalArgumentException(
                    "scale " + scale + " and zero point " + zeroPoint + " are not scalars or vectors of one shape");
        }
    }

    /** One range for a whole tensor. */
    public static AffineQuantizer perTensor(BitWidth bits, Range range) {
        return covering(bits, new long[0], new float[] {range.lo()}, new float[] {range.hi()});
    }

    /** One range for each slice of a tensor along its first dimension. */
    static AffineQuantizer perChannel(BitWidth bits, Range... ranges) {
        float[] lo = new float[ranges.length];
        float[] hi = new float[ranges.length];
        for (int i = 0; i < ranges.length; i++) {
            lo[i] = ranges[i].lo();
            hi[i] = ranges[i].hi();
        }
        return covering(bits, new long[] {ranges.length}, lo, hi);
    }

    private static AffineQuantizer covering(BitWidth bits, long[] shape, float[] lo, float[] hi) {
        float[] scale = new float[lo.length];
        float[] zeroPoint = new float[lo.length];
        for (int i = 0; i < lo.length; i++) {
            scale[i] = bits.steps() / Math.max(hi[i] - lo[i], SMALLEST_EXTENT);
            zeroPoint[i] = (float) Math.rint(scale[i] * lo[i]) - bits.lowest();
        }
        return new AffineQuantizer(bits, new HostTensor(shape, scale), new HostTensor(shape, zeroPoint));
    }

    /** What one integer is worth, {@code 1 / scale}: the scale of those who mean by it the length of a step. */
    float[] steps() {
        float[] steps = scale.values().clone();
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 1 / steps[i];
        }
        return steps;
    }

    /** The integers {@code q} of {@code v}, as floats. */
    public Tensor quantize(Tensor v) {
        return toIntegers(v.mul(fit(scale, v)).subInPlace(fit(zeroPoint, v)));
    }

    /** The values {@code v'} that the integers {@code q} stand for. */
    public Tensor dequantize(Tensor q) {
        return q.add(fit(zeroPoint, q)).divInPlace(fit(scale, q));
    }

    /** What is left of {@code v} after quantization: {@code v'}, a new tensor. The gradient is 0 almost everywhere. */
    public Tensor fakeQuantize(Tensor v) {
        return dequantize(quantize(v));
    }

    /** Turns {@code v} into {@link #fakeQuantize} of itself; the same values, about twice as fast; outside recording. */
    public Tensor fakeQuantizeInPlace(Tensor v) {
        try (Scope _ = Scope.open()) {
            Tensor s = fit(scale, v);
            Tensor z = fit(zeroPoint, v);
            v.mulInPlace(s).subInPlace(z);
            return v.setInPlace(toIntegers(v)).addInPlace(z).divInPlace(s);
        }
    }

    /**
     * {@link #fakeQuantize} under recording, as the straight-through estimator has it: the gradient passes rounding and
     * clamping as if they were not there.
     */
    public Tensor straightThrough(Tensor v) {
        Tensor error;
        try (GradientScope _ = GradientScope.pause()) {
            error = fakeQuantizeInPlace(v.copy()).subInPlace(v);
        }
        return v.add(error);
    }

    /** {@link #straightThrough} of a quantizer with one range, but clamping stops the gradient. */
    public Tensor clippedStraightThrough(Tensor v) {
        return straightThrough(v.clip(value(bits.lowest()), value(bits.highest())));
    }

    private double value(int q) {
        return (q + zeroPoint.values()[0]) / scale.values()[0];
    }

    /**
     * {@link #fakeQuantize} with steps that are longer by {@code factor}, recorded: the gradient passes rounding, clamping
     * stops it, and {@code factor} gets its own (Esser et al., LSQ, ICLR 2020, equation 3).
     *
     * @param factor one element, or {@code [channels, 1, ...]}
     */
    public Tensor learnedStep(Tensor v, Tensor factor) {
        Tensor step = factor.div(fit(scale, v));
        Tensor offset = fit(zeroPoint, v);
        Tensor limited = v.div(step).sub(offset).clip(bits.lowest(), bits.highest());
        Tensor fixed = limited.detach();
        Tensor q = limited.add(fixed.round().subInPlace(fixed));
        return q.add(offset).mul(step);
    }

    /** This quantizer with steps that are longer by {@code factors}, one for each scale. */
    public AffineQuantizer lengthened(float... factors) {
        float[] scales = scale.values().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] /= factors[i];
        }
        return new AffineQuantizer(bits, new HostTensor(scale.shape(), scales), zeroPoint);
    }

    /** What {@link #quantize} rounds, {@code scale * v - zeroPoint}, in the same arithmetic but on the host. */
    public float[] scaled(HostTensor v) {
        float[] scaled = v.values().clone();
        int each = scaled.length / scale.values().length;
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = scale.values()[i / each] * scaled[i] - zeroPoint.values()[i / each];
        }
        return scaled;
    }

    private Tensor toIntegers(Tensor scaled) {
        return scaled.round().clip(bits.lowest(), bits.highest());
    }

    /** Shapes {@code values} so that they broadcast along the first dimension of {@code v}. */
    private static Tensor fit(HostTensor values, Tensor v) {
        if (values.shape().length == 0) {
            return Tensor.scalar(values.values()[0]);
        }
        long[] shape = new long[v.shape().length];
        Arrays.fill(shape, 1);
        shape[0] = values.size(0);
        return Tensor.of(values.values(), shape);
    }
}
