package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.AdamLeaf;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** All that a network learns, by name, in the order in which it was made. */
public final class Learned implements AutoCloseable {

    private final Random random;
    private final AdamLeaf.Betas betas;
    private final Map<String, AdamLeaf> leaves = new LinkedHashMap<>();

    /**
     * @param random where the variables start
     * @param betas how long Adam remembers their gradients
     */
    public Learned(Random random, AdamLeaf.Betas betas) {
        this.random = random;
        this.betas = betas;
    }

    /** Variables that start uniformly within {@code bound} around 0. */
    AdamLeaf uniform(String name, double bound, long... shape) {
        float[] start = new float[count(shape)];
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return add(name, start, shape);
    }

    /** Variables that start with the distribution N(0, 1). */
    public AdamLeaf gaussian(String name, long... shape) {
        float[] start = new float[count(shape)];
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) random.nextGaussian();
        }
        return add(name, start, shape);
    }

    /** Variables that start as {@code value}. */
    AdamLeaf filled(String name, float value, long... shape) {
        float[] start = new float[count(shape)];
        Arrays.fill(start, value);
        return add(name, start, shape);
    }

    private static int count(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    private AdamLeaf add(String name, float[] start, long... shape) {
        AdamLeaf leaf = new AdamLeaf(betas, start, shape);
        if (leaves.putIfAbsent(name, leaf) != null) {
            leaf.close();
            throw new IllegalArgumentException(name + " is there already");
        }
        return leaf;
    }

    /** The variables by name. */
    public Map<String, AdamLeaf> leaves() {
        return Collections.unmodifiableMap(leaves);
    }

    /** Moves all variables along their gradients. */
    public void step(double rate) {
        leaves.values().forEach(leaf -> leaf.step(rate));
    }

    @Override
    public void close() {
        leaves.values().forEach(AdamLeaf::close);
    }
}
