package dev.dsg.standalone.measure;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkProfile;
import dev.dsg.engine.qat.GeneratorSettings;
import dev.dsg.engine.qat.ImageGenerator;
import dev.dsg.engine.qat.Student;
import dev.dsg.engine.qat.StudentSettings;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.WeightGrid;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import dev.dsg.engine.training.Schedule;
import dev.dsg.standalone.terminal.Table;
import dev.dsg.standalone.terminal.Terminal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Speed of the engine's main loops beside what the machine can do at most. */
@Command(
        name = "bench",
        subcommands = OnnxCommand.class,
        description = "Measures the speed of synthesis, calibration and evaluation; prints a table.")
public final class BenchCommand implements Callable<Integer> {

    private static final int SIDE = 32;

    @Mixin
    private Measuring measuring;

    @Mixin
    private Subject subject;

    @Option(names = "--iterations", defaultValue = "100", description = "of each synthesis run (${DEFAULT-VALUE})")
    private int iterations;

    @Option(names = "--repeats", defaultValue = "3", description = "runs; the median counts (${DEFAULT-VALUE})")
    private int repeats;

    @Option(names = "--batch-size", defaultValue = "64", description = "${DEFAULT-VALUE}")
    private int batch;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws Exception {
        return measuring.inTensorProcess(this::measure);
    }

    private void measure() {
        Subject.Network network = subject.load(Measuring.root(), 10);
        terminal.say(network.name() + "; " + Measuring.machine());
        double peak = peak();
        Table table = new Table("what", "ms", "images/s", "GFLOP/s", "of peak");
        table.row("matrix product 2048 x 2048 (the peak)", "", "", number(peak), "100 %");
        double forward = flops(network);
        synthesis(network, "ZeroQ iteration", ZEROQ, forward, peak, table);
        synthesis(network, "DSG iteration", DSG, forward, peak, table);
        generator(network, forward, peak, table);
        student(network, forward, peak, table);
        evaluation(network, forward, peak, table);
        long resident = reconstruction(network, forward, peak, table);
        table.lines().forEach(terminal::say);
        terminal.say("peak of resident memory, heap and native: " + resident + " MiB");
        terminal.say("afterwards: " + Measuring.machine());
    }

    private static final SynthesisSettings ZEROQ =
            new SynthesisSettings(Initialization.TINY_UNIFORM, 1, 0.5, 100, 0, 0, 0);
    private static final SynthesisSettings DSG = new SynthesisSettings(Initialization.GAUSSIAN, 1, 0.5, 100, 0.9, 1, 1);

    /** A forward pass and the gradient of the input: twice the operations of a forward pass. */
    private void synthesis(
            Subject.Network network, String name, SynthesisSettings method, double forward, double peak, Table table) {
        SynthesisSettings settings = method.withIterations(iterations);
        try (Synthesizer synthesizer = new Synthesizer(network.graph(), 3, SIDE, SIDE)) {
            Margins margins =
                    synthesizer.probe(settings.slackPercentile(), settings.statistics(), 256, ProgressListener.NONE);
            double seconds =
                    median(() -> synthesizer.synthesize(settings, margins, 1, 0, 0, batch, ProgressListener.NONE))
                            / iterations;
            table.row(row(name, seconds, batch, 2 * forward * batch, peak));
        }
    }

    /**
     * Of the generator three times the operations of a forward pass, because its weights learn, on one core whatever the
     * threads of the peak; of the network as for synthesis.
     */
    private void generator(Subject.Network network, double forward, double peak, Table table) {
        GeneratorSettings settings = new GeneratorSettings(
                batch, 100, new Schedule.Milestones(1e-3, List.of(), 0.1), 0.5, 0.999, 0.1, 1, 1, 1);
        Margins margins;
        try (Synthesizer synthesizer = new Synthesizer(network.graph(), 3, SIDE, SIDE)) {
            margins = synthesizer.probe(0.9, Statistics.BATCH, 256, ProgressListener.NONE);
        }
        try (ImageGenerator generator = new ImageGenerator(network.graph(), 3, SIDE, SIDE, settings, margins)) {
            double flops = 3 * 2.0 * generator.multiplyAdds() + 2 * forward;
            table.row(row("generator step", median(generator::step), batch, flops * batch, peak));
        }
    }

    /** Of the student a forward pass and the gradients of weights and inputs, of the teacher a forward pass. */
    private void student(Subject.Network network, double forward, double peak, Table table) {
        HostTensor images = images(network, batch);
        PostTrainingQuantizer quantizer = new PostTrainingQuantizer(QuantizationSettings.of(4, 4));
        QuantizedNetwork start = quantizer.quantize(network.graph(), List.of(images), ProgressListener.NONE);
        StudentSettings settings = new StudentSettings(
                new Schedule.Cosine(1e-3, Integer.MAX_VALUE),
                0.9,
                true,
                1e-4,
                1,
                20,
                1,
                StudentSettings.DivergenceMean.IMAGES,
                0,
                StudentSettings.Ranges.LEARNED,
                0,
                StudentSettings.WeightSteps.LEARNED);
        try (Student student = new Student(quantizer.exact(network.graph()), start, WeightGrid.MIN_MAX, settings)) {
            double seconds = median(() -> student.step(images));
            table.row(row("student step, W4A4", seconds, batch, 4 * forward * batch, peak));
        }
    }

    private void evaluation(Subject.Network network, double forward, double peak, Table table) {
        int count = 2_000;
        ImageSet images = new ImageSet(SIDE, SIDE, 3, noise(count * SIDE * SIDE * 3), new int[count]);
        HostTensor calibration = images(network, batch);
        PostTrainingQuantizer quantizer = new PostTrainingQuantizer(QuantizationSettings.of(4, 4));
        double calibrating =
                median(() -> quantizer.quantize(network.graph(), List.of(calibration), ProgressListener.NONE));
        QuantizedNetwork quantized = quantizer.quantize(network.graph(), List.of(calibration), ProgressListener.NONE);
        try (Interpreter full = new Interpreter(network.graph());
                Interpreter small = new Interpreter(quantized.graph())) {
            double fp32 = median(() -> evaluate(full, Tap.NONE, images, network));
            double fake = median(() -> evaluate(small, quantized.tap(), images, network));
            table.row(row("evaluation, float32, batch 500", fp32 / count * 500, 500, forward * 500, peak));
            table.row(row("evaluation, W4A4, batch 500", fake / count * 500, 500, forward * 500, peak));
        }
        table.row(row("W4A4 MSE calibration", calibrating, batch, 0, peak));
    }

    /**
     * Block by block; the whole is a forward pass and the gradients of weights and inputs, so three times the operations
     * of a forward pass. It runs on one core, whatever the threads of the peak.
     */
    private long reconstruction(Subject.Network network, double forward, double peak, Table table) {
        HostTensor calibration = images(network, batch);
        ReconstructionBench bench = ReconstructionBench.of(network.graph(), calibration, 10);
        int size = Math.min(batch, ReconstructionBench.BATCH);
        for (int i = 0; i < bench.blocks().size(); i++) {
            table.row(row("QDrop iteration, block " + (i + 1), bench.blocks().get(i), size, 0, peak));
        }
        table.row(row("QDrop iteration, all blocks", bench.seconds(), size, 3 * forward * size, peak));
        return bench.peakResident();
    }

    private static HostTensor images(Subject.Network network, int count) {
        ImageSet images = new ImageSet(SIDE, SIDE, 3, noise(count * SIDE * SIDE * 3), new int[count]);
        try (Scope _ = Scope.open()) {
            Tensor x = network.preprocessing().batch(images, 0, count);
            return new HostTensor(x.shape(), x.toFloats());
        }
    }

    private static void evaluate(Interpreter interpreter, Tap tap, ImageSet images, Subject.Network network) {
        Evaluator.evaluate(interpreter, tap, images, network.preprocessing(), 500, ProgressListener.NONE);
    }

    private static String[] row(String name, double seconds, int images, double flops, double peak) {
        double rate = flops / seconds / 1e9;
        return new String[] {
            name,
            number(seconds * 1e3),
            number(images / seconds),
            flops == 0 ? "" : number(rate),
            flops == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * rate / peak)
        };
    }

    private double median(Runnable work) {
        work.run();
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            long start = System.nanoTime();
            work.run();
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds[repeats / 2];
    }

    /** The machine's float32 peak: the best of several large matrix products, in GFLOP/s. */
    private double peak() {
        int n = 2048;
        float[] values = new float[n * n];
        Arrays.fill(values, 0.5f);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 8; i++) {
            try (Scope _ = Scope.open()) {
                Tensor a = Tensor.of(values, n, n);
                long start = System.nanoTime();
                a.matMul(a);
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return 2.0 * n * n * n / best / 1e9;
    }

    /** Operations of the convolutions and fully connected layers for one image; a multiply-add counts as two. */
    private static double flops(Subject.Network network) {
        return 2.0 * NetworkProfile.of(network.graph(), Shape.of(3, SIDE, SIDE)).multiplyAdds();
    }

    private static byte[] noise(int bytes) {
        byte[] values = new byte[bytes];
        new Random(1).nextBytes(values);
        return values;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
}
