package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Draws, and learns from a gradient, on one core (see {@link TrainableImages}), and holds a parameterization, which may be
 * anybody's, to what it promises.
 */
record CheckedImages(Canvas canvas, TrainableImages images) implements AutoCloseable {

    /** {@code [count, channels, height, width]}. */
    Tensor draw() {
        Tensor drawn;
        try (SingleThread _ = SingleThread.open()) {
            drawn = images.draw();
        }
        long[] shape = {canvas.count(), canvas.channels(), canvas.height(), canvas.width()};
        if (!Arrays.equals(drawn.shape(), shape)) {
            throw refused("of shape " + Arrays.toString(drawn.shape()), Arrays.toString(shape));
        }
        return drawn;
    }

    /** Leaves on the leaves what {@code gradient}, the derivative of the loss by what was {@code drawn}, means for them. */
    void backward(GradientScope gradients, Tensor drawn, Tensor gradient) {
        try (SingleThread _ = SingleThread.open()) {
            gradients.backward(drawn, gradient);
        } catch (IllegalArgumentException e) {
            throw refused("that no leaf has a part in", "images drawn from leaves, or 0 iterations");
        }
    }

    void step(double rate, int iteration) {
        try (Scope _ = Scope.open()) {
            images.step(rate, iteration);
        }
    }

    private EngineException refused(String what, String expected) {
        String name = canvas.settings().parameterization();
        return new EngineException(Kind.INVALID_SETTING, "parameterization", name + ", with images " + what, expected);
    }

    @Override
    public void close() {
        images.close();
    }
}
