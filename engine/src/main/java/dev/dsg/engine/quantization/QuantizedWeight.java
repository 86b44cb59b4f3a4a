package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The weight of one layer as integers.
 *
 * @param quantizer what they stand for; one scale and zero point per output channel
 * @param shape {@code [out, ...]}
 * @param integers row-major, one a byte whatever the bit width, within the quantizer's
 *     {@link BitWidth#lowest}..{@link BitWidth#highest}
 */
public record QuantizedWeight(AffineQuantizer quantizer, long[] shape, byte[] integers) {

    /** Quantizes {@code weight [out, ...]}, each value to the nearest integer. */
    public static QuantizedWeight nearest(AffineQuantizer quantizer, HostTensor weight) {
        try (Scope _ = Scope.open()) {
            Tensor values = Tensor.of(weight.values(), weight.shape());
            return of(quantizer, weight.shape(), quantizer.quantize(values).toFloats());
        }
    }

    /** Quantizes {@code weight [out, ...]} as {@link SquantFlips} says. */
    static QuantizedWeight squant(AffineQuantizer quantizer, HostTensor weight) {
        int kernels = weight.shape().length > 1 ? weight.size(1) : 1;
        float[] q = SquantFlips.round(quantizer.bits(), quantizer.scaled(weight), weight.size(0), kernels);
        return of(quantizer, weight.shape(), q);
    }

    /** @param q whole numbers within the quantizer's width */
    static QuantizedWeight of(AffineQuantizer quantizer, long[] shape, float[] q) {
        byte[] integers = new byte[q.length];
        for (int i = 0; i < q.length; i++) {
            integers[i] = (byte) q[i];
        }
        return new QuantizedWeight(quantizer, shape, integers);
    }

    /** The values that the integers stand for. */
    public HostTensor dequantize() {
        float[] q = new float[integers.length];
        for (int i = 0; i < q.length; i++) {
            q[i] = integers[i];
        }
        try (Scope _ = Scope.open()) {
            return new HostTensor(
                    shape, quantizer.dequantize(Tensor.of(q, shape)).toFloats());
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof QuantizedWeight w
                && quantizer.equals(w.quantizer)
                && Arrays.equals(shape, w.shape)
                && Arrays.equals(integers, w.integers);
    }

    @Override
    public int hashCode() {
        return 31 * quantizer.hashCode() + Arrays.hashCode(integers);
    }

    @Override
    public String toString() {
        return "QuantizedWeight" + Arrays.toString(shape) + " of " + quantizer.bits();
    }
}
