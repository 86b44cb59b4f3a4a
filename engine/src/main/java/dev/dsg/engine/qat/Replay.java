package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.engine.training.Shuffle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which images each step of a student sees. Stored batches are visited one a step, and a step draws its images from those
 * visited last, so a student holds a bounded number of them and is the same whenever it is asked: all is a function of
 * the seed and the step.
 *
 * <p>The batches of a set are visited in their order first, while they are still being made, and then again and again,
 * each time in a new random order. Those of a stream are visited once.
 *
 * @param batches how many there are in a set; empty in a stream
 * @param window how many are held, at least 1
 * @param batchSize images of a step, at least 1; fewer while there are fewer in the window
 * @param augmentation what is done to each image
 * @param seed of orders, choice and augmentation
 */
public record Replay(OptionalInt batches, int window, int batchSize, Augmentation augmentation, long seed) {

    /** What is done to an image before a step. */
    public enum Augmentation {
        /** Nothing. */
        NONE,
        /** It is mirrored, or not, and moved by up to an eighth of its sides; what it uncovers is 0, the mean colour. */
        LIGHT
    }

    private static final int PART = 8;
    private static final long CHOICE = 0x5EED_C401L;

    public Replay {
        require("batches", batches, batches.orElse(1) >= 1, "at least 1");
        require("window", window, window >= 1, "at least 1");
        require("batchSize", batchSize, batchSize >= 1, "at least 1");
    }

    private static void require(String field, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new EngineException(Kind.INVALID_SETTING, field, value, expected);
        }
    }

    /**
     * Images of a step.
     *
     * @param images {@code [batch, channels, height, width]}
     * @param labels a class for each, or none if the stored batches have none
     */
    public record Minibatch(HostTensor images, int[] labels) {}

    /** The stored batch that {@code step}, from 0, is the first to see. */
    public int visited(int step) {
        if (batches.isEmpty()) {
            return step;
        }
        int pass = step / batches.getAsInt();
        int within = step % batches.getAsInt();
        return pass == 0 ? within : order(pass)[within];
    }

    private int[] order(int pass) {
        return permutation(batches.getAsInt(), random(pass));
    }

    /** The stored batches that {@code step} draws from, the newest last. */
    public List<Integer> held(int step) {
        LinkedHashSet<Integer> held = new LinkedHashSet<>();
        for (int at = Math.max(0, step - window + 1); at <= step; at++) {
            int batch = visited(at);
            held.remove(batch);
            held.add(batch);
        }
        return List.copyOf(held);
    }

    /** Draws the images of {@code step}, with {@code stored} to give the batches that are {@link #held}. */
    public Minibatch at(int step, IntFunction<SyntheticBatch> stored) {
        List<SyntheticBatch> held = held(step).stream().map(stored::apply).toList();
        RandomGenerator random = random(CHOICE + step);
        int there = held.stream().mapToInt(Replay::count).sum();
        int[] drawn = Arrays.copyOf(permutation(there, random), Math.min(batchSize, there));
        long[] shape = held.getFirst().images().shape().clone();
        shape[0] = drawn.length;
        float[] images = new float[Math.multiplyExact(drawn.length, (int) (shape[1] * shape[2] * shape[3]))];
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < drawn.length; i++) {
            int at = drawn[i];
            int batch = 0;
            while (at >= count(held.get(batch))) {
                at -= count(held.get(batch++));
            }
            copy(held.get(batch), at, images, i, random);
            if (!held.get(batch).labels().isEmpty()) {
                labels.add(held.get(batch).labels().get(at));
            }
        }
        return new Minibatch(
                new HostTensor(shape, images),
                labels.size() == drawn.length
                        ? labels.stream().mapToInt(Integer::intValue).toArray()
                        : new int[0]);
    }

    private static int count(SyntheticBatch batch) {
        return batch.images().size(0);
    }

    private void copy(SyntheticBatch from, int image, float[] to, int position, RandomGenerator random) {
        int channels = from.images().size(1);
        int height = from.images().size(2);
        int width = from.images().size(3);
        int each = channels * height * width;
        float[] values = from.images().values();
        switch (augmentation) {
            case NONE -> System.arraycopy(values, image * each, to, position * each, each);
            case LIGHT -> {
                boolean mirrored = random.nextBoolean();
                int down = shift(height, random);
                int right = shift(width, random);
                for (int row = 0; row < channels * height; row++) {
                    int y = row % height + down;
                    if (y >= 0 && y < height) {
                        int source = image * each + (row - row % height + y) * width;
                        move(values, source, to, position * each + row * width, width, right, mirrored);
                    }
                }
            }
        }
    }

    private static int shift(int side, RandomGenerator random) {
        int most = side / PART;
        return random.nextInt(2 * most + 1) - most;
    }

    private static void move(float[] from, int source, float[] to, int target, int width, int by, boolean mirrored) {
        for (int x = 0; x < width; x++) {
            int read = (mirrored ? width - 1 - x : x) + by;
            if (read >= 0 && read < width) {
                to[target + x] = from[source + read];
            }
        }
    }

    private RandomGenerator random(long stream) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ stream * 0x9E37_79B9_7F4A_7C15L);
    }

    private static int[] permutation(int count, RandomGenerator random) {
        int[] order = IntStream.range(0, count).toArray();
        Shuffle.shuffle(order, random);
        return order;
    }
}
