package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Tensor;

/**
 * Quantizes an activation by one range for the whole tensor.
 *
 * @param bits the width
 * @param range what to cover; a {@linkplain Range#isPoint point}, left by a layer that was silent during calibration, is
 *     replaced by the extremes of each tensor it meets
 */
record ActivationQuantizer(BitWidth bits, Range range) {

    /** The quantizer of the range, which is no point. */
    AffineQuantizer affine() {
        return AffineQuantizer.perTensor(bits, range);
    }

    /** Replaces the values of {@code x} by what quantization leaves of them. */
    Tensor applyInPlace(Tensor x) {
        Range covered = range.isPoint() ? Range.of(x) : range;
        return AffineQuantizer.perTensor(bits, covered).fakeQuantizeInPlace(x);
    }
}
