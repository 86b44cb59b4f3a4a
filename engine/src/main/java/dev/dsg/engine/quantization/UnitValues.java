package dev.dsg.engine.quantization;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a unit reads and shall make, image by image: computed once, kept as {@link SpillingRecords} within a budget. What
 * is drawn does not depend on the budget.
 */
final class UnitValues implements AutoCloseable {

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

    private final int images;
    private final long[] read;
    private final long[] made;
    private final SpillingRecords records;

    /**
     * @param network in float32
     * @param soFar the same with all quantized that lies before the unit
     * @param memoryBytes what may be kept in memory; the rest goes to a temporary file
     */
    UnitValues(
            ReconstructionUnit unit,
            Graph network,
            QuantizedNetwork soFar,
            CalibrationImages images,
            long memoryBytes) {
        this.images = images.count();
        try (Interpreter exact = new Interpreter(network.upTo(unit.output()));
                Interpreter quantized = new Interpreter(soFar.graph().upTo(unit.input()))) {
            Recorder recorder = new Recorder(unit, exact, quantized, soFar.tap(), images);
            float[][] first = recorder.records(0, 1);
            this.read = recorder.read;
            this.made = recorder.made;
            this.records = new SpillingRecords(this.images, first[0].length, memoryBytes);
            for (int from = 0; from < this.images; from += CHUNK) {
                float[][] chunk = recorder.records(from, Math.min(from + CHUNK, this.images));
                for (int i = 0; i < chunk.length; i++) {
                    records.put(from + i, chunk[i]);
                }
            }
        }
    }

    /** Runs images through both networks. */
    private static final class Recorder {

        private final ReconstructionUnit unit;
        private final Interpreter exact;
        private final Interpreter quantized;
        private final Tap quantizing;
        private final CalibrationImages images;
        private long[] read;
        private long[] made;

        Recorder(
                ReconstructionUnit unit,
                Interpreter exact,
                Interpreter quantized,
                Tap quantizing,
                CalibrationImages images) {
            this.unit = unit;
            this.exact = exact;
            this.quantized = quantized;
            this.quantizing = quantizing;
            this.images = images;
        }

        /** For each image, what the unit reads exactly, what it meets, what it shall make. */
        float[][] records(int from, int to) {
            int[] which = IntStream.range(from, to).toArray();
            float[][] values = new float[3][];
            try (Scope _ = Scope.open()) {
                Tensor target = exact.run(images.select(which), new Tap() {
                    @Override
                    public Tensor after(Node node, Tensor value) {
                        if (node.name().equals(unit.input())) {
                            values[0] = inMemoryOrder(value);
                            read = value.shape();
                        }
                        return value;
                    }
                });
                values[1] = inMemoryOrder(quantized.run(images.select(which), quantizing));
                values[2] = inMemoryOrder(target);
                made = target.shape();
            }
            return IntStream.range(0, which.length)
                    .mapToObj(i -> joined(values, i, which.length))
                    .toArray(float[][]::new);
        }

        private static float[] joined(float[][] values, int image, int of) {
            int length = Arrays.stream(values).mapToInt(v -> v.length / of).sum();
            float[] joined = new float[length];
            int at = 0;
            for (float[] value : values) {
                int each = value.length / of;
                System.arraycopy(value, image * each, joined, at, each);
                at += each;
            }
            return joined;
        }
    }

    /** Values of images with channels innermost, as convolutions read them fastest; others row-major. */
    private static float[] inMemoryOrder(Tensor values) {
        return (values.shape().length == 4 ? values.transpose(0, 2, 3, 1) : values).toFloats();
    }

    /** Up to {@code size} images, drawn by {@code random}. */
    Batch draw(int size, RandomGenerator random) {
        int[] drawn = Arrays.copyOf(Sampling.permutation(images, random), Math.min(size, images));
        int reads = each(read);
        int makes = each(made);
        float[] exact = new float[drawn.length * reads];
        float[] met = new float[drawn.length * reads];
        float[] target = new float[drawn.length * makes];
        for (int i = 0; i < drawn.length; i++) {
            float[] image = records.get(drawn[i]);
            System.arraycopy(image, 0, exact, i * reads, reads);
            System.arraycopy(image, reads, met, i * reads, reads);
            System.arraycopy(image, 2 * reads, target, i * makes, makes);
        }
        return new Batch(
                tensor(exact, drawn.length, read), tensor(met, drawn.length, read), tensor(target, drawn.length, made));
    }

    private static int each(long[] shape) {
        return (int) Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    }

    private static Tensor tensor(float[] values, int batch, long[] like) {
        if (like.length == 4) {
            return Tensor.ofChannelsLast(values, batch, (int) like[1], (int) like[2], (int) like[3]);
        }
        long[] shape = like.clone();
        shape[0] = batch;
        return Tensor.of(values, shape);
    }

    @Override
    public void close() {
        records.close();
    }
}
