package dev.dsg.engine.tensor;

/** Variables that a backward pass reaches, and what Adam remembers of them. */
public final class AdamLeaf implements AutoCloseable {

    private final Tensor value;
    private final Tensor mean;
    private final Tensor square;
    private int steps;

    /** Variables of the given shape that start with the values {@code start} (row-major). */
    public AdamLeaf(float[] start, long... shape) {
        try (Scope scope = Scope.open()) {
            this.value = scope.keep(Tensor.of(start, shape)).requireGradient();
            this.mean = scope.keep(Tensor.zeros(shape));
            this.square = scope.keep(Tensor.zeros(shape));
        }
    }

    /** Variables that start as a copy of {@code start}, in its memory order. */
    public AdamLeaf(Tensor start) {
        try (Scope scope = Scope.open()) {
            this.value = scope.keep(start.copy()).requireGradient();
            this.mean = scope.keep(start.zerosLike());
            this.square = scope.keep(start.zerosLike());
        }
    }

    /** The variables, for use in a recorded computation. */
    public Tensor value() {
        return value;
    }

    /** The values as they stand. */
    public float[] toFloats() {
        try (Scope _ = Scope.open()) {
            return value.detach().toFloats();
        }
    }

    /** Follows the gradient of the last backward pass; see {@link Tensor#adamStep}. */
    public void step(double rate) {
        value.adamStep(mean, square, rate, ++steps);
    }

    @Override
    public void close() {
        value.close();
        mean.close();
        square.close();
    }
}
