package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/** Variables that a backward pass reaches, and what Adam remembers of them. */
final class AdamLeaf implements AutoCloseable {

    private final Tensor value;
    private final Tensor mean;
    private final Tensor square;
    private int steps;

    AdamLeaf(float[] start, long... shape) {
        try (Scope scope = Scope.open()) {
            this.value = scope.keep(Tensor.of(start, shape)).requireGradient();
            this.mean = scope.keep(Tensor.zeros(shape));
            this.square = scope.keep(Tensor.zeros(shape));
        }
    }

    Tensor value() {
        return value;
    }

    float[] toFloats() {
        try (Scope _ = Scope.open()) {
            return value.detach().toFloats();
        }
    }

    /** Follows the gradient of the last backward pass. */
    void step(double rate) {
        value.adamStep(mean, square, rate, ++steps);
    }

    @Override
    public void close() {
        value.close();
        mean.close();
        square.close();
    }
}
