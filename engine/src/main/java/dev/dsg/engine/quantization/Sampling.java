package dev.dsg.engine.quantization;

import java.util.random.RandomGenerator;

/** Random orders. */
final class Sampling {

    private Sampling() {}

    /** The numbers 0 to {@code count - 1} in random order. */
    static int[] permutation(int count, RandomGenerator random) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
