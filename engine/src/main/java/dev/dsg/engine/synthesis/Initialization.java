package dev.dsg.engine.synthesis;

import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Where the pixels start, in the network's normalised input space. */
public enum Initialization {
    /** N(0, 1), as in the DSG paper. */
    GAUSSIAN(Random::nextGaussian),
    /** An integer of -127.5 .. 126.5 divided by 5418.75, as in ZeroQ's code. */
    TINY_UNIFORM(random -> (random.nextInt(255) - 127.5) / 5418.75),
    /** U[0, 1), as in DSG's released code. */
    UNIFORM(Random::nextDouble);

    private final ToDoubleFunction<Random> pixel;

    Initialization(ToDoubleFunction<Random> pixel) {
        this.pixel = pixel;
    }

    float[] draw(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) pixel.applyAsDouble(random);
        }
        return values;
    }
}
