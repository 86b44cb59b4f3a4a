package dev.dsg.standalone.measure;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.engine.analysis.NetworkAnalysis.Activation;
import dev.dsg.engine.analysis.NetworkAnalysis.Statistics;
import dev.dsg.engine.analysis.NetworkAnalyzer;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.standalone.dataset.Cifar10;
import dev.dsg.standalone.dataset.Part;
import dev.dsg.standalone.terminal.Table;
import dev.dsg.standalone.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Why sources of images differ: what the network sees of them, layer by layer. */
@Command(
        name = "statistics",
        description = {
            "Compares sources of calibration images by what the network sees of them; prints a table.",
            "mean and deviation: of all images' values at each BatchNorm, their distance to the running ones in running"
                    + " deviations; range: sample-mean ranges of activations, as a multiple of those of real images;"
                    + " each over the first, the middle and the last third of the layers. vendi: how many different"
                    + " images those amount to, in pixels and in features."
        })
public final class StatisticsStudy implements Callable<Integer> {

    private static final String[] THIRDS = {"first", "middle", "last"};

    @Mixin
    private Measuring measuring;

    @Mixin
    private Subject subject;

    @Option(
            names = "--images",
            split = ",",
            converter = MethodsStudy.SourceParser.class,
            defaultValue = "noise,zeroq,dsg-paper,dsg,real",
            description = "METHOD[:FIELD=VALUE]..., fields as in a job's synthesis, or real (${DEFAULT-VALUE})")
    private List<ImageSource> sources;

    @Option(names = "--seed", defaultValue = "0", description = "${DEFAULT-VALUE}")
    private long seed;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws Exception {
        return measuring.inTensorProcess(this::measure);
    }

    private void measure() {
        Cifar10 cifar = new Cifar10(measuring.home().data(), terminal);
        ImageSet training = cifar.read(Part.TRAIN);
        Subject.Network network = subject.load(Measuring.root(), Cifar10.CLASSES.size());
        Table table = new Table(headings());
        try (Synthesizer synthesizer = new Synthesizer(network.graph(), 3, training.height(), training.width())) {
            ImageSource real = ImageSource.parse("real");
            NetworkAnalysis reference = analysis(network, real.draw(training, network.preprocessing(), seed + 1));
            for (ImageSource source : sources) {
                List<HostTensor> images = source.images(synthesizer, () -> training, network.preprocessing(), seed);
                table.row(row(source, analysis(network, images), reference));
            }
        }
        terminal.say(network.name() + ", seed " + seed + "; ranges beside those of other real images");
        table.lines().forEach(terminal::say);
    }

    private static NetworkAnalysis analysis(Subject.Network network, List<HostTensor> images) {
        PostTrainingQuantizer quantizer =
                new PostTrainingQuantizer(QuantizationSettings.of(8, 8).withRange(RangeMethod.SAMPLE_MEAN));
        QuantizedNetwork quantized = quantizer.quantize(network.graph(), images, ProgressListener.NONE);
        return new NetworkAnalyzer(network.graph(), quantizer.exact(network.graph()), quantized)
                .analyze(images)
                .analysis();
    }

    private static String[] headings() {
        String[] headings = new String[1 + 3 * THIRDS.length + 2];
        headings[0] = "images";
        for (int i = 0; i < THIRDS.length; i++) {
            headings[1 + i] = "mean " + THIRDS[i];
            headings[4 + i] = "deviation " + THIRDS[i];
            headings[7 + i] = "range " + THIRDS[i];
        }
        headings[10] = "vendi pixels";
        headings[11] = "features";
        return headings;
    }

    private static String[] row(ImageSource source, NetworkAnalysis of, NetworkAnalysis real) {
        String[] row = new String[1 + 3 * THIRDS.length + 2];
        row[0] = source.label();
        List<Integer> activations =
                IntStream.range(0, of.activations().size()).boxed().toList();
        for (int i = 0; i < THIRDS.length; i++) {
            row[1 + i] = third(of.statistics(), i, Statistics::mean);
            row[4 + i] = third(of.statistics(), i, Statistics::deviation);
            row[7 + i] = third(
                    activations,
                    i,
                    at -> width(of.activations().get(at))
                            / width(real.activations().get(at)));
        }
        row[10] = number(of.pixels().vendi());
        row[11] = number(of.features().vendi());
        return row;
    }

    private static double width(Activation activation) {
        return (double) activation.hi() - activation.lo();
    }

    private static <T> String third(List<T> layers, int third, ToDoubleFunction<T> of) {
        int from = layers.size() * third / THIRDS.length;
        int to = layers.size() * (third + 1) / THIRDS.length;
        return number(
                layers.subList(from, to).stream().mapToDouble(of).average().orElse(Double.NaN));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
