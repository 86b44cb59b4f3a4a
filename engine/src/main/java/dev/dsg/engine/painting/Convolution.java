package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;

/**
 * A convolution of 3 x 3 that keeps the sides.
 *
 * @param weight {@code [outputs, inputs, 3, 3]}
 * @param bias {@code [outputs]}
 */
public record Convolution(AdamLeaf weight, AdamLeaf bias) {

    private static final int KERNEL = 3;

    /** Starts uniformly within one over the root of the number of values that each output reads. */
    public static Convolution of(Learned learned, String name, int inputs, int outputs) {
        double bound = 1 / Math.sqrt(inputs * KERNEL * KERNEL);
        return new Convolution(
                learned.uniform(name + ".weight", bound, outputs, inputs, KERNEL, KERNEL),
                learned.uniform(name + ".bias", bound, outputs));
    }

    /** {@code [batch, inputs, h, w] -> [batch, outputs, h, w]}. */
    public Tensor apply(Tensor x) {
        return x.conv2d(weight.value(), bias.value(), 1, 1, 1);
    }
}
