package dev.dsg.standalone.measure;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.evaluation.Accuracy;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Accuracy of quantized networks over methods, bits, ranges and seeds, as one table. */
@Command(
        name = "study",
        description = "Measures accuracy over methods, images, bits, ranges and seeds; prints a table.")
public final class StudyCommand implements Callable<Integer> {

    @Mixin
    private Measuring measuring;

    @Mixin
    private Subject subject;

    @Option(names = "--methods", split = ",", defaultValue = "noise,zeroq,dsg,real", description = "${DEFAULT-VALUE}")
    private List<String> methods;

    @Option(names = "--images", split = ",", defaultValue = "64", description = "calibration images (${DEFAULT-VALUE})")
    private List<Integer> images;

    @Option(names = "--iterations", split = ",", defaultValue = "500", description = "${DEFAULT-VALUE}")
    private List<Integer> iterations;

    @Option(names = "--slack-percentile", split = ",", description = "for dsg, instead of its own; several make rows")
    private List<Double> percentiles;

    @Option(names = "--layer-enhancement", description = "for dsg, instead of its own")
    private Double layerEnhancement;

    @Option(names = "--correlation-inhibition", description = "for dsg, instead of its own")
    private Double correlationInhibition;

    @Option(
            names = "--columns",
            split = ",",
            converter = ColumnParser.class,
            defaultValue = "4/4:sample-mean,4/4:mse,4/4:min-max,4/4:percentile,3/3:sample-mean,3/3:mse,8/8:sample-mean",
            description = "weight bits/activation bits:range (${DEFAULT-VALUE})")
    private List<Column> columns;

    @Option(names = "--seeds", defaultValue = "4", description = "seeds 0..N-1 (${DEFAULT-VALUE})")
    private int seeds;

    @Option(
            names = "--test-images",
            defaultValue = "10000",
            description = "the first N of the test set (${DEFAULT-VALUE})")
    private int testImages;

    private final Terminal terminal = Terminal.standard();

    /** One way to quantize. */
    record Column(int weightBits, int activationBits, RangeMethod range) {

        PostTrainingQuantizer quantizer() {
            return new PostTrainingQuantizer(
                    QuantizationSettings.of(weightBits, activationBits).withRange(range));
        }

        String heading() {
            return "W" + weightBits + "A" + activationBits + " " + range.text();
        }
    }

    /** Reads {@code 4/4:mse}. */
    static final class ColumnParser implements ITypeConverter<Column> {
        @Override
        public Column convert(String text) {
            Matcher matcher = Pattern.compile("([2-8])/([2-8]):([a-z-]+)").matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(text + " is not of the form 4/4:mse, with 2..8 bits");
            }
            return new Column(
                    Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), range(matcher.group(3)));
        }

        private static RangeMethod range(String name) {
            List<String> names =
                    Arrays.stream(RangeMethod.values()).map(RangeMethod::text).toList();
            if (!names.contains(name)) {
                throw new TypeConversionException(name + " is not one of " + String.join(", ", names));
            }
            return RangeMethod.values()[names.indexOf(name)];
        }
    }

    @Override
    public Integer call() throws Exception {
        return measuring.inTensorProcess(this::measure);
    }

    private void measure() {
        Cifar10 cifar = new Cifar10(measuring.home().data(), terminal);
        ImageSet test = cifar.read(Part.TEST).slice(0, testImages);
        Subject.Network network = subject.load(Measuring.root(), Cifar10.CLASSES.size());
        try (Interpreter full = new Interpreter(network.graph());
                Synthesizer synthesizer = new Synthesizer(network.graph(), 3, test.height(), test.width())) {
            terminal.say(network.name() + ": top-1 "
                    + percent(evaluate(full, Tap.NONE, test, network).top1()) + " in float32, " + testImages
                    + " test images, seeds 0.." + (seeds - 1) + "; " + Measuring.machine());
            Map<Calibration, List<List<Double>>> results = new LinkedHashMap<>();
            for (Calibration row : rows()) {
                results.put(
                        row,
                        LongStream.range(0, seeds)
                                .mapToObj(seed -> top1(row, seed, network, synthesizer, cifar, test))
                                .toList());
            }
            table(results).lines().forEach(terminal::say);
        }
    }

    private List<Calibration> rows() {
        List<Calibration> rows = new ArrayList<>();
        for (String method : methods) {
            for (int count : images) {
                List<Integer> steps =
                        new Calibration(method, count, 0, null, null, null).isOptimised() ? iterations : List.of(0);
                for (int step : steps) {
                    rows.addAll(variants(method, count, step));
                }
            }
        }
        return rows;
    }

    private List<Calibration> variants(String method, int count, int steps) {
        if (!method.equals("dsg")) {
            return List.of(new Calibration(method, count, steps, null, null, null));
        }
        List<Double> slack = percentiles == null ? Collections.singletonList(null) : percentiles;
        return slack.stream()
                .map(p -> new Calibration(method, count, steps, p, layerEnhancement, correlationInhibition))
                .toList();
    }

    private List<Double> top1(
            Calibration row,
            long seed,
            Subject.Network network,
            Synthesizer synthesizer,
            Cifar10 cifar,
            ImageSet test) {
        long start = System.nanoTime();
        List<HostTensor> batches = row.isReal()
                ? row.draw(cifar.read(Part.TRAIN), network.preprocessing(), seed)
                : row.synthesise(synthesizer, seed);
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Double> top1 =
                columns.stream().map(c -> top1(c, batches, network, test)).toList();
        terminal.say(String.format(
                Locale.ROOT, "%s seed %d: %s (images in %.1f s)", row.label(), seed, percents(top1), seconds));
        return top1;
    }

    private static double top1(Column column, List<HostTensor> batches, Subject.Network network, ImageSet test) {
        QuantizedNetwork quantized = column.quantizer().quantize(network.graph(), batches, ProgressListener.NONE);
        try (Interpreter interpreter = new Interpreter(quantized.graph())) {
            return evaluate(interpreter, quantized.tap(), test, network).top1();
        }
    }

    private static Accuracy evaluate(Interpreter interpreter, Tap tap, ImageSet test, Subject.Network network) {
        return Evaluator.evaluate(interpreter, tap, test, network.preprocessing(), 500, ProgressListener.NONE);
    }

    private Table table(Map<Calibration, List<List<Double>>> results) {
        List<String> headings = new ArrayList<>(List.of("images"));
        columns.forEach(c -> headings.add(c.heading()));
        Table table = new Table(headings.toArray(String[]::new));
        results.forEach((row, bySeed) -> {
            List<String> cells = new ArrayList<>(List.of(row.label()));
            for (int c = 0; c < columns.size(); c++) {
                int column = c;
                cells.add(summary(
                        bySeed.stream().mapToDouble(top1 -> top1.get(column)).toArray()));
            }
            table.row(cells.toArray(String[]::new));
        });
        return table;
    }

    /** Mean and sample standard deviation, in percent. */
    static String summary(double[] shares) {
        double mean = Arrays.stream(shares).average().orElseThrow();
        double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
        return shares.length == 1
                ? percent(mean)
                : String.format(
                        Locale.ROOT, "%.2f +- %.2f", 100 * mean, 100 * Math.sqrt(squares / (shares.length - 1)));
    }

    private static String percents(List<Double> shares) {
        return String.join(" ", shares.stream().map(StudyCommand::percent).toList());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
