package dev.dsg.standalone.measure;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.speed.Laps;
import dev.dsg.engine.speed.Machine;
import dev.dsg.engine.speed.Race;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.measure.Subject.Network;
import dev.dsg.standalone.terminal.Table;
import dev.dsg.standalone.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether an exported network does in ONNX Runtime what was promised of it. */
@Command(
        name = "onnx",
        description = {
            "Measures exported networks in ONNX Runtime: their size, their speed on one thread beside that of fp32,"
                    + " and",
            "how often they say the class that our own arithmetic predicts; prints a table."
        })
final class OnnxCommand implements Callable<Integer> {

    private static final int SIDE = 32;
    private static final Shape INPUT = Shape.of(3, SIDE, SIDE);
    private static final int CALIBRATION_IMAGES = 64;

    @Mixin
    private Measuring measuring;

    @Mixin
    private Subject subject;

    @Option(
            names = "--bits",
            split = ",",
            converter = Widths.Parser.class,
            defaultValue = "8/8,4/8,4/4,3/3",
            description = "of weights/of activations (${DEFAULT-VALUE})")
    private List<Widths> bits;

    @Option(
            names = "--test-images",
            defaultValue = "10000",
            description = "the first N of the test set (${DEFAULT-VALUE})")
    private int testImages;

    @Option(names = "--iterations", defaultValue = "30", description = "of the synthesis (${DEFAULT-VALUE})")
    private int iterations;

    @Option(names = "--runs", defaultValue = "51", description = "of each model; the median counts (${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--batch-size", defaultValue = "16", description = "images of a run (${DEFAULT-VALUE})")
    private int batch;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws Exception {
        return measuring.inTensorProcess(this::measure);
    }

    private void measure() {
        ImageSet test =
                new Cifar10(measuring.home().data(), terminal).read(Part.TEST).slice(0, testImages);
        Network network = subject.load(Measuring.root(), Cifar10.CLASSES.size());
        try {
            List<Export> exports = exports(network);
            terminal.say(String.format(
                    Locale.ROOT,
                    "%s in ONNX Runtime, 1 thread, %d images a run, processor with %s; agreement on %,d test images;"
                            + " %s",
                    network.name(),
                    batch,
                    vnni(),
                    testImages,
                    Measuring.machine()));
            table(network, exports, test).lines().forEach(terminal::say);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses what was exported", e);
        }
    }

    private List<Export> exports(Network network) {
        List<HostTensor> images;
        try (Synthesizer synthesizer = new Synthesizer(network.graph(), 3, SIDE, SIDE)) {
            images = ImageSource.parse("dsg:images=" + CALIBRATION_IMAGES + ":iterations=" + iterations)
                    .synthesise(synthesizer, 0);
        }
        List<Export> exports = new ArrayList<>(List.of(Export.float32(network, INPUT)));
        for (Widths widths : bits) {
            exports.add(Export.quantized(network, INPUT, widths.weights(), widths.activations(), images));
        }
        return exports;
    }

    private Table table(Network network, List<Export> exports, ImageSet test) throws OrtException {
        List<Laps> laps;
        try (Race race = new Race(exports.stream().map(Export::model).toList())) {
            laps = race.rounds(Race.noise(batch, INPUT), runs);
        }
        Table table = new Table(
                "", "bytes", "of fp32", "images/s", "x fp32", "top-1 % predicted", "top-1 % computed", "agree %");
        for (int i = 0; i < exports.size(); i++) {
            Predictions predicted = exports.get(i).predicted(network, test);
            Predictions computed = exports.get(i).computed(network, test);
            table.row(
                    exports.get(i).name(),
                    String.format(Locale.ROOT, "%,d", exports.get(i).model().length),
                    fraction(
                            "%.3f",
                            exports.get(i).model().length
                                    / (double) exports.getFirst().model().length),
                    fraction("%.0f", batch / laps.get(i).processorSeconds()),
                    fraction("%.2f", laps.getFirst().speedupOf(laps.get(i)).value()),
                    fraction("%.2f", 100 * predicted.accuracy(test.labels()).top1()),
                    fraction("%.2f", 100 * computed.accuracy(test.labels()).top1()),
                    fraction("%.2f", 100 * computed.agreement(predicted)));
        }
        return table;
    }

    private static String vnni() {
        List<String> kinds = Machine.here().vnni();
        return kinds.isEmpty() ? "no VNNI" : String.join(" and ", kinds);
    }

    private static String fraction(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
