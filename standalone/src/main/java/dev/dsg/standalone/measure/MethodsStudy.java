package dev.dsg.standalone.measure;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Accuracy of quantized networks over sources of images, widths, ranges, roundings and seeds. */
@Command(
        name = "methods",
        description = {
            "Measures the accuracy of quantized networks over sources of calibration images, widths, ranges, roundings"
                    + " and seeds; prints tables.",
            "Every run is a line of --results; a study that is started again goes on where it stopped."
        })
public final class MethodsStudy implements Callable<Integer> {

    @Mixin
    private Measuring measuring;

    @Mixin
    private Subject subject;

    @Option(
            names = "--images",
            split = ",",
            converter = SourceParser.class,
            defaultValue = "noise,zeroq,dsg,real",
            description = "METHOD[:FIELD=VALUE]..., fields as in a job's synthesis, or real (${DEFAULT-VALUE})")
    private List<ImageSource> sources;

    @Option(
            names = "--bits",
            split = ",",
            converter = Widths.Parser.class,
            defaultValue = "8/8,6/6,4/4,3/3",
            description = "of weights/activations (${DEFAULT-VALUE})")
    private List<Widths> bits;

    @Option(
            names = "--ranges",
            split = ",",
            converter = RangeParser.class,
            defaultValue = "mse",
            description = "${DEFAULT-VALUE}")
    private List<String> ranges;

    @Option(
            names = "--roundings",
            split = ",",
            converter = RoundingParser.class,
            defaultValue = "nearest",
            description = "${DEFAULT-VALUE}")
    private List<String> roundings;

    @Option(names = "--seeds", split = ",", defaultValue = "0,1,2", description = "${DEFAULT-VALUE}")
    private List<Long> seeds;

    @Option(
            names = "--test-images",
            defaultValue = "10000",
            description = "the first N of the test set (${DEFAULT-VALUE})")
    private int testImages;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            defaultValue = "study-methods.jsonl",
            description = "${DEFAULT-VALUE}")
    private Path results;

    @Option(names = "--show", description = "run nothing; show all that --results holds of this network")
    private boolean show;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "also write the tables and plots of them to DIR: methods.md and PNG files")
    private Path report;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws Exception {
        return measuring.inTensorProcess(this::measure);
    }

    private void measure() {
        Cifar10 cifar = new Cifar10(measuring.home().data(), terminal);
        ImageSet test = cifar.read(Part.TEST).slice(0, testImages);
        Subject.Network network = subject.load(Measuring.root(), Cifar10.CLASSES.size());
        StudyFile<StudyRun> file = new StudyFile<>(results, StudyRun.class);
        String digest = digest(network.graph());
        if (!show) {
            run(network, digest, cifar, test, file);
        }
        List<StudyRun> of = file.read().stream()
                .filter(run -> run.network().equals(digest) && run.testImages() == testImages)
                .filter(run -> show || isAsked(run))
                .toList();
        say(network, test, of);
    }

    private boolean isAsked(StudyRun run) {
        return quantizations().contains(run.quantization())
                && seeds.contains(run.seed())
                && sources.stream().anyMatch(source -> source.label().equals(run.images()));
    }

    private void run(Subject.Network network, String digest, Cifar10 cifar, ImageSet test, StudyFile<StudyRun> file) {
        try (Synthesizer synthesizer = new Synthesizer(network.graph(), 3, test.height(), test.width())) {
            for (long seed : seeds) {
                for (ImageSource source : sources) {
                    List<StudiedQuantization> missing = missing(file.read(), digest, source, seed);
                    if (!missing.isEmpty()) {
                        List<HostTensor> images =
                                source.images(synthesizer, () -> cifar.read(Part.TRAIN), network.preprocessing(), seed);
                        for (StudiedQuantization how : missing) {
                            Outcome outcome = run(how, seed, images, network, test);
                            file.append(outcome.run(digest, source, seed, how, testImages));
                            terminal.say(outcome.line(source, seed, how));
                        }
                    }
                }
            }
        }
    }

    private List<StudiedQuantization> missing(List<StudyRun> runs, String digest, ImageSource source, long seed) {
        return quantizations().stream()
                .filter(how ->
                        runs.stream().noneMatch(run -> run.answers(digest, source.label(), seed, how, testImages)))
                .toList();
    }

    private List<StudiedQuantization> quantizations() {
        List<StudiedQuantization> all = new ArrayList<>();
        for (Widths widths : bits) {
            for (String range : ranges) {
                for (String rounding : roundings) {
                    all.add(new StudiedQuantization(widths.weights(), widths.activations(), range, rounding));
                }
            }
        }
        return all;
    }

    private record Outcome(double top1, double seconds) {
        StudyRun run(String network, ImageSource source, long seed, StudiedQuantization how, int testImages) {
            return new StudyRun(network, source.label(), seed, how, testImages, top1, seconds);
        }

        String line(ImageSource source, long seed, StudiedQuantization how) {
            return String.format(
                    Locale.ROOT,
                    "%s, seed %d, %s %s: %s %% (%.1f s)",
                    source.label(),
                    seed,
                    how.widths(),
                    how.way(),
                    StudyReport.percent(top1),
                    seconds);
        }
    }

    private static Outcome run(
            StudiedQuantization how, long seed, List<HostTensor> images, Subject.Network network, ImageSet test) {
        long start = System.nanoTime();
        QuantizedNetwork quantized = how.quantizer(seed).quantize(network.graph(), images, ProgressListener.NONE);
        double seconds = (System.nanoTime() - start) / 1e9;
        try (Interpreter interpreter = new Interpreter(quantized.graph())) {
            return new Outcome(top1(interpreter, quantized.tap(), network, test), Math.round(seconds * 10) / 10.0);
        }
    }

    private static double top1(Interpreter interpreter, Tap tap, Subject.Network network, ImageSet test) {
        return Evaluator.evaluate(interpreter, tap, test, network.preprocessing(), 500, ProgressListener.NONE)
                .top1();
    }

    /** SHA-256 of the parameters, whatever file they came from. */
    private static String digest(Graph graph) {
        SafetensorsWriter writer = new SafetensorsWriter();
        graph.initializers().forEach(writer::floats);
        return Sha256.digest(writer.toBytes()).hex();
    }

    private void say(Subject.Network network, ImageSet test, List<StudyRun> runs) {
        String head;
        try (Interpreter full = new Interpreter(network.graph())) {
            head = network.name() + ": top-1 " + StudyReport.percent(top1(full, Tap.NONE, network, test))
                    + " in float32, " + testImages + " test images";
        }
        StudyReport tables = new StudyReport(runs);
        terminal.say(head + "; " + Measuring.machine());
        tables.markdown().lines().forEach(terminal::say);
        if (report != null) {
            new StudyPage("methods.md", head + "\n\n" + tables.markdown(), tables.plots()).write(report);
        }
    }

    /** Reads {@code zeroq:layerEnhancement=1}. */
    static final class SourceParser implements ITypeConverter<ImageSource> {
        @Override
        public ImageSource convert(String text) {
            try {
                return ImageSource.parse(text);
            } catch (DsgException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Knows the names of range methods. */
    static final class RangeParser implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return known(
                    text,
                    Arrays.stream(RangeMethod.values()).map(RangeMethod::text).toList());
        }
    }

    /** Knows the names of rounding methods. */
    static final class RoundingParser implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return known(text, RoundingMethod.NAMES);
        }
    }

    private static String known(String text, List<String> names) {
        if (!names.contains(text)) {
            throw new TypeConversionException(text + " is not one of " + String.join(", ", names));
        }
        return text;
    }
}
