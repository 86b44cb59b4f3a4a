package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/** Every pixel is a variable of its own (ZeroQ, DSG). */
final class Pixels implements Parameterization {

    static final String NAME = "pixels";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public TrainableImages begin(Canvas canvas) {
        float[] start = canvas.settings().initialization().draw(canvas.random(), canvas.values());
        try (Scope _ = Scope.open()) {
            return new Images(new AdamLeaf(
                    Tensor.ofChannelsLast(start, canvas.count(), canvas.channels(), canvas.height(), canvas.width())));
        }
    }

    private record Images(AdamLeaf pixels) implements TrainableImages {

        @Override
        public Tensor draw() {
            return pixels.value();
        }

        @Override
        public void step(double rate, int iteration) {
            pixels.step(rate);
        }

        @Override
        public void close() {
            pixels.close();
        }
    }
}
