package dev.dsg.engine.training;

import java.util.random.RandomGenerator;

/** Random orders (Fisher and Yates). */
public final class Shuffle {

    private Shuffle() {}

    /** Puts {@code order} into a random order. */
    public static void shuffle(int[] order, RandomGenerator random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
