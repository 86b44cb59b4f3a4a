package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.Tensor;
import java.util.Optional;

/**
 * The images of the iteration with the least loss. Steps as large as those of half a standard deviation that ZeroQ and DSG
 * take overshoot now and then, a loss of 3 becomes one of 50 for a dozen iterations, and the last may be among them.
 */
final class LeastLoss {

    private double least = Double.POSITIVE_INFINITY;
    private float[] values;
    private long[] shape;

    /** Keeps a copy of {@code images} if there was no less loss before. */
    void offer(double loss, Tensor images) {
        if (loss < least) {
            least = loss;
            values = images.toFloats();
            shape = images.shape();
        }
    }

    /** The images, as a new tensor; empty if there was no iteration. */
    Optional<Tensor> images() {
        return Optional.ofNullable(values).map(v -> Tensor.of(v, shape).channelsLast());
    }
}
