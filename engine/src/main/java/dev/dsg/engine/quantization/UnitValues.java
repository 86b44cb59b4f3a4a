package dev.dsg.engine.quantization;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a unit reads and shall make, image by image: kept as long as it is of use, for as many images at a time as a
 * budget allows.
 */
final class UnitValues implements AutoCloseable {

    /** How often each image is kept anew if not all can be kept at once. */
    private static final int TURNS = 4;

    /** How many images run through the network at a time. */
    private static final int CHUNK = 32;

    /**
     * Images of an iteration, {@code [batch, ...]} each.
     *
     * @param exact what the unit reads in the network in float32
     * @param met what it reads in the network as quantized so far
     * @param target what it makes in the network in float32
     */
    record Batch(Tensor exact, Tensor met, Tensor target) {}

    private final CalibrationImages images;
    private final Interpreter exact;
    private final Interpreter quantized;
    private final Tap quantizing;
    private final String input;
    private final int[] order;
    private final int capacity;
    private final List<Batch> kept = new ArrayList<>();
    private int turn = -1;

    /**
     * @param network in float32
     * @param soFar the same with all quantized that lies before the unit
     * @param memoryBytes what may be kept at a time; one image is kept always
     * @param random puts the images in order
     */
    UnitValues(
            ReconstructionUnit unit,
            Graph network,
            QuantizedNetwork soFar,
            CalibrationImages images,
            long memoryBytes,
            RandomGenerator random) {
        this.images = images;
        this.exact = new Interpreter(network.upTo(unit.output()));
        this.quantized = new Interpreter(soFar.graph().upTo(unit.input()));
        this.quantizing = soFar.tap();
        this.input = unit.input();
        this.order = Sampling.permutation(images.count(), random);
        keep(0, 1);
        this.capacity = Math.clamp(memoryBytes / bytes(kept.getFirst()), 1, images.count());
    }

    private static long bytes(Batch image) {
        return Float.BYTES
                * (image.exact().count() + image.met().count() + image.target().count());
    }

    /** How many images are kept at a time. */
    int capacity() {
        return capacity;
    }

    /** Makes the images ready that have their turn in {@code iteration} of {@code iterations}, both from 0. */
    void turn(int iteration, int iterations) {
        int windows = Math.ceilDiv(images.count(), capacity);
        int turns = windows == 1 ? 1 : Math.min(iterations, TURNS * windows);
        int next = (int) ((long) iteration * turns / iterations) % windows;
        if (next != turn) {
            keep(next * capacity, Math.min((next + 1) * capacity, images.count()));
            turn = next;
        }
    }

    /** Up to {@code size} of the images that are ready, drawn by {@code random}. */
    Batch draw(int size, RandomGenerator random) {
        List<Batch> drawn = Arrays.stream(Sampling.permutation(kept.size(), random))
                .limit(size)
                .mapToObj(kept::get)
                .toList();
        return new Batch(
                Tensor.concat(drawn.stream().map(Batch::exact).toList(), 0),
                Tensor.concat(drawn.stream().map(Batch::met).toList(), 0),
                Tensor.concat(drawn.stream().map(Batch::target).toList(), 0));
    }

    private void keep(int from, int to) {
        free();
        for (int i = from; i < to; i += CHUNK) {
            keep(Arrays.copyOfRange(order, i, Math.min(i + CHUNK, to)));
        }
    }

    private void keep(int[] which) {
        try (Scope scope = Scope.open()) {
            List<Tensor> read = new ArrayList<>();
            Tap reading = new Tap() {
                @Override
                public Tensor after(Node node, Tensor value) {
                    if (node.name().equals(input)) {
                        read.add(value.copy());
                    }
                    return value;
                }
            };
            Tensor target = exact.run(images.select(which), reading);
            Tensor met = quantized.run(images.select(which), quantizing);
            for (int i = 0; i < which.length; i++) {
                kept.add(new Batch(row(read.getFirst(), i, scope), row(met, i, scope), row(target, i, scope)));
            }
        }
    }

    private static Tensor row(Tensor values, int i, Scope scope) {
        return scope.keep(values.rows(i, i + 1).copy());
    }

    private void free() {
        for (Batch image : kept) {
            image.exact().close();
            image.met().close();
            image.target().close();
        }
        kept.clear();
    }

    @Override
    public void close() {
        free();
        exact.close();
        quantized.close();
    }
}
