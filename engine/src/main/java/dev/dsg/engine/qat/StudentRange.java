package dev.dsg.engine.qat;

import dev.dsg.engine.qat.StudentSettings.Ranges;
import dev.dsg.engine.quantization.AffineQuantizer;
import dev.dsg.engine.quantization.BitWidth;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.Optional;

/** The range of one activation, as calibrated or as it changes in training. */
final class StudentRange implements AutoCloseable {

    /** The length of {@link #state}. */
    static final int STATE = 3;

    private static final float KEPT = 0.9f;
    private static final float LEAST_FACTOR = 0.01f;

    private final BitWidth bits;
    private final Range start;
    private final Optional<AdamLeaf> factor;

    /** Sums of extremes, each weighted by what it has left; a range once divided by what all weights are in sum. */
    private float lo;

    private float hi;
    private int seen;

    /** @param start not a point */
    StudentRange(BitWidth bits, Range start, Ranges ranges) {
        this.bits = bits;
        this.start = start;
        this.factor = switch (ranges) {
            case CALIBRATED, EMA -> Optional.empty();
            case LEARNED -> Optional.of(new AdamLeaf(new float[] {1}, 1));
        };
    }

    /** The step size that is trained, in calibrated ones. */
    Optional<AdamLeaf> factor() {
        return factor;
    }

    /** Quantizes {@code x}, recorded; {@code factor} stands for {@link #factor} if there is one. */
    Tensor quantized(Tensor x, Tensor factor) {
        AffineQuantizer quantizer = AffineQuantizer.perTensor(bits, moved());
        return factor == null ? quantizer.clippedStraightThrough(x) : quantizer.learnedStep(x, factor);
    }

    /**
     * Moves the average by the extremes of one batch:
     *
     * <pre>e = 0.9 e + 0.1 extreme,   range = e / (1 - 0.9^seen)</pre>
     *
     * The division is made when the range is read. Made in place, at each step, as the released code does, it multiplies
     * what was divided before.
     */
    void observe(Range extremes) {
        lo = KEPT * lo + (1 - KEPT) * extremes.lo();
        hi = KEPT * hi + (1 - KEPT) * extremes.hi();
        seen++;
    }

    /** The range that quantizes now, apart from a learned factor. */
    private Range moved() {
        float weights = (float) (1 - Math.pow(KEPT, seen));
        return seen == 0 ? start : new Range(lo / weights, hi / weights);
    }

    /** The range that quantizes now. */
    Range range() {
        float by =
                factor.map(leaf -> Math.max(LEAST_FACTOR, leaf.toFloats()[0])).orElse(1f);
        return new Range(moved().lo() * by, moved().hi() * by);
    }

    /** What {@link #restore} reads: the sums and how many batches they are of. */
    float[] state() {
        return new float[] {lo, hi, seen};
    }

    /** Goes on from another's {@link #state}. */
    void restore(float[] state) {
        lo = state[0];
        hi = state[1];
        seen = (int) state[2];
    }

    @Override
    public void close() {
        factor.ifPresent(AdamLeaf::close);
    }
}
