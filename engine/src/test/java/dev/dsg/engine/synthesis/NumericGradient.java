package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import java.util.function.UnaryOperator;

/** The slow twin of every gradient: central differences. */
final class NumericGradient {

    private static final double STEP = 1e-2;

    private NumericGradient() {}

    /** Compares d {@code loss} / d x at {@code at}, shaped {@code shape}; garbage is collected before the backward pass. */
    static void assertAgrees(UnaryOperator<Tensor> loss, float[] at, long... shape) {
        float[] gradient = gradient(loss, at, shape);
        for (int i = 0; i < at.length; i++) {
            double slope =
                    (value(loss, moved(at, i, STEP), shape) - value(loss, moved(at, i, -STEP), shape)) / (2 * STEP);
            assertThat((double) gradient[i])
                    .as("at " + i)
                    .isCloseTo(slope, within(1e-2 * Math.max(0.1, Math.abs(slope))));
        }
    }

    /** The same for random halves of the gradient, where a difference in every single value would take too long. */
    static void assertAgreesInHalves(UnaryOperator<Tensor> loss, float[] at, long... shape) {
        float[] gradient = gradient(loss, at, shape);
        Random coin = new Random(3);
        for (int trial = 0; trial < 3; trial++) {
            float[] half = new float[gradient.length];
            double squares = 0;
            for (int i = 0; i < half.length; i++) {
                half[i] = coin.nextBoolean() ? gradient[i] : 0;
                squares += (double) half[i] * half[i];
            }
            double step = STEP / Math.sqrt(squares);
            double difference = value(loss, moved(at, half, step), shape) - value(loss, moved(at, half, -step), shape);
            assertThat(difference / (2 * step)).isCloseTo(squares, within(2e-2 * squares));
        }
    }

    private static float[] moved(float[] at, float[] direction, double by) {
        float[] values = at.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (by * direction[i]);
        }
        return values;
    }

    static float[] gradient(UnaryOperator<Tensor> loss, float[] at, long... shape) {
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(at, shape).requireGradient();
            try (GradientScope gradients = GradientScope.open()) {
                Tensor value = loss.apply(x);
                System.gc();
                gradients.backward(value);
            }
            return x.gradient().toFloats();
        }
    }

    private static double value(UnaryOperator<Tensor> loss, float[] at, long... shape) {
        try (Scope _ = Scope.open()) {
            return loss.apply(Tensor.of(at, shape)).item();
        }
    }

    private static float[] moved(float[] at, int index, double by) {
        float[] values = at.clone();
        values[index] += (float) by;
        return values;
    }
}
