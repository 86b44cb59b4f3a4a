package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;

/**
 * {@code x W^T + b}.
 *
 * @param weight {@code [outputs, inputs]}
 * @param bias {@code [outputs]}
 */
public record Linear(AdamLeaf weight, AdamLeaf bias) {

    /** Starts uniformly within one over the root of the inputs. */
    public static Linear of(Learned learned, String name, int inputs, int outputs) {
        double bound = 1 / Math.sqrt(inputs);
        return new Linear(
                learned.uniform(name + ".weight", bound, outputs, inputs),
                learned.uniform(name + ".bias", bound, outputs));
    }

    /** {@code [batch, inputs] -> [batch, outputs]}. */
    public Tensor apply(Tensor x) {
        return x.linear(weight.value(), bias.value());
    }
}
