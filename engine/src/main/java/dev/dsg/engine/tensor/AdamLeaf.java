package dev.dsg.engine.tensor;

/** Variables that a backward pass reaches, and what Adam remembers of them. */
public final class AdamLeaf implements AutoCloseable {

    /**
     * How long Adam remembers.
     *
     * @param mean beta 1, the share of the mean gradient that a step keeps, 0 to below 1
     * @param square beta 2, the share of the mean squared gradient that a step keeps, 0 to below 1
     */
    public record Betas(double mean, double square) {

        /** 0.9 and 0.999 (Kingma and Ba, 2015). */
        public static final Betas USUAL = new Betas(0.9, 0.999);
    }

    /**
     * Everything that a leaf goes on from, row-major.
     *
     * @param value the variables
     * @param mean the mean of their gradients
     * @param square the mean of their squared gradients
     * @param steps how many were taken
     */
    public record State(float[] value, float[] mean, float[] square, int steps) {}

    private final Betas betas;
    private final Tensor value;
    private final Tensor mean;
    private final Tensor square;
    private int steps;

    /** Variables of the given shape that start with the values {@code start} (row-major). */
    public AdamLeaf(float[] start, long... shape) {
        this(Betas.USUAL, start, shape);
    }

    /** The same, with another memory. */
    public AdamLeaf(Betas betas, float[] start, long... shape) {
        this.betas = betas;
        try (Scope scope = Scope.open()) {
            this.value = scope.keep(Tensor.of(start, shape)).requireGradient();
            this.mean = scope.keep(Tensor.zeros(shape));
            this.square = scope.keep(Tensor.zeros(shape));
        }
    }

    /** Variables that start as a copy of {@code start}, in its memory order. */
    public AdamLeaf(Tensor start) {
        this.betas = Betas.USUAL;
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
        value.adamStep(mean, square, betas, rate, ++steps);
    }

    /** A copy of everything that the next steps depend on. */
    public State state() {
        try (Scope _ = Scope.open()) {
            return new State(value.detach().toFloats(), mean.toFloats(), square.toFloats(), steps);
        }
    }

    /** Goes on from {@code state}, of a leaf of the same shape. */
    public void restore(State state) {
        try (Scope _ = Scope.open();
                GradientScope _ = GradientScope.pause()) {
            long[] shape = value.shape();
            value.setInPlace(Tensor.of(state.value(), shape));
            mean.setInPlace(Tensor.of(state.mean(), shape));
            square.setInPlace(Tensor.of(state.square(), shape));
            steps = state.steps();
        }
    }

    /** The number of variables. */
    public long count() {
        return value.count();
    }

    /** The shape of the variables. */
    public long[] shape() {
        return value.shape();
    }

    @Override
    public void close() {
        value.close();
        mean.close();
        square.close();
    }
}
