package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import java.util.Optional;

/**
 * The bias of one layer in steps of the layer's accumulator, which are the products of a step of the input and one of the
 * output channel's weights.
 *
 * @param integers {@code [out]}
 * @param steps what one of each is worth, {@code [out]}
 */
record QuantizedBias(int[] integers, float[] steps) {

    /** The accumulator has 32 bits; half of what it holds is left to the products. */
    private static final double LARGEST = 1 << 30;

    /**
     * Rounds {@code bias [out]}, if the layer's arithmetic can be one of integers.
     *
     * @param input how what the layer reads is quantized
     * @return nothing if the input's range was never seen, or a bias is too large in so small steps
     */
    static Optional<QuantizedBias> of(HostTensor bias, ActivationQuantizer input, AffineQuantizer weight) {
        if (input.range().isPoint()) {
            return Optional.empty();
        }
        float inputStep = input.affine().steps()[0];
        float[] steps = weight.steps();
        int[] integers = new int[steps.length];
        for (int c = 0; c < steps.length; c++) {
            steps[c] *= inputStep;
            double integer = Math.rint(bias.values()[c] / (double) steps[c]);
            if (!(Math.abs(integer) <= LARGEST)) {
                return Optional.empty();
            }
            integers[c] = (int) integer;
        }
        return Optional.of(new QuantizedBias(integers, steps));
    }

    /** The values that the integers stand for. */
    HostTensor dequantize() {
        float[] values = new float[integers.length];
        for (int c = 0; c < values.length; c++) {
            values[c] = (float) ((double) integers[c] * steps[c]);
        }
        return new HostTensor(new long[] {values.length}, values);
    }
}
