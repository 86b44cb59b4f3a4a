package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;

/**
 * The range of an activation as something to learn: the calibrated one times a factor, that is, a step size to learn and
 * a zero point that stays (Esser et al., LSQ, ICLR 2020). Rounding passes gradients on as if it were not there, clamping
 * stops them.
 */
final class SoftRange implements AutoCloseable {

    private static final double LEAST_FACTOR = 0.01;

    private final Range start;
    private final AffineQuantizer quantizer;
    private final AdamLeaf factor;

    /** @param start not a point */
    SoftRange(BitWidth bits, Range start) {
        this.start = start;
        this.quantizer = AffineQuantizer.perTensor(bits, start);
        this.factor = new AdamLeaf(new float[] {1}, 1);
    }

    /** What quantization by the range as it stands leaves of {@code x}. */
    Tensor quantize(Tensor x) {
        return quantizer.learnedStep(x, factor.value());
    }

    void step(double rate) {
        factor.step(rate);
    }

    /** The range as it stands. */
    Range range() {
        float by = (float) Math.max(LEAST_FACTOR, factor.toFloats()[0]);
        return new Range(start.lo() * by, start.hi() * by);
    }

    @Override
    public void close() {
        factor.close();
    }
}
