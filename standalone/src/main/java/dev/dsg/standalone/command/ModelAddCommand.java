package dev.dsg.standalone.command;

import dev.dsg.contracts.catalog.Geometry;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.Interpolation;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.graph.Shape;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.catalog.ModelIntake;
import dev.dsg.standalone.catalog.ModelIntake.Accepted;
import dev.dsg.standalone.catalog.ModelIntake.Source;
import dev.dsg.standalone.catalog.ModelShelf;
import dev.dsg.standalone.process.TensorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a network and puts it into the store. */
@Command(
        name = "add",
        description = {
            "Checks a network and puts it into the store, where jobs find it by its name.",
            "It needs its BatchNorm layers as they were trained, see docs/models.md."
        })
final class ModelAddCommand implements Callable<Integer> {

    private static final Pattern INPUT = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

    @Parameters(paramLabel = "NAME", description = "what it is to be called")
    private String name;

    @Option(names = "--onnx", paramLabel = "FILE", description = "an ONNX file")
    private Path onnx;

    @Option(names = "--architecture", paramLabel = "NAME", description = "or the name of an architecture, and")
    private String architecture;

    @Option(names = "--weights", paramLabel = "FILE", description = "its weights, as safetensors or as a .pth file")
    private Path weights;

    @Option(names = "--input", paramLabel = "CxHxW", description = "the shape of one image, such as 3x224x224")
    private String input;

    @Option(names = "--output", paramLabel = "NAME", description = "the output with the logits, if there are several")
    private String output;

    @Option(
            names = "--mean",
            paramLabel = "X,...",
            split = ",",
            description = "what is subtracted from each channel in 0..1 (default: ImageNet's)")
    private List<Double> mean = List.of();

    @Option(
            names = "--std",
            paramLabel = "X,...",
            split = ",",
            description = "what each channel is then divided by (default: ImageNet's)")
    private List<Double> std = List.of();

    @Option(
            names = "--labels",
            paramLabel = "LABELS",
            description =
                    "names of the classes in the order of the logits: a file with a line each, a list with commas,"
                            + " or a data set in the store (default: numbers)")
    private String labels;

    @Option(names = "--resize", paramLabel = "N", description = "length that the shortest side of an image gets")
    private Integer resize;

    @Option(
            names = "--crop",
            paramLabel = "N",
            description = "what is then cut out of its centre (default: the input's size)")
    private String crop;

    @Option(names = "--interpolation", paramLabel = "HOW", description = "nearest, bilinear (default) or bicubic")
    private String interpolation;

    @Option(
            names = "--licence",
            paramLabel = "SPDX",
            defaultValue = "unknown",
            description = "or where to read it (default: ${DEFAULT-VALUE})")
    private String licence;

    @Option(names = "--replace", description = "puts it in the place of a network that has its name")
    private boolean replace;

    @Mixin
    private HomeOption homeOption;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Require.name("name", name);
        var source = source();
        var shape = shape();
        var geometry = geometry();
        if (!TensorProcess.here()) {
            return TensorProcess.run(
                    Cli.class,
                    spec.root().commandLine().getParseResult().originalArgs(),
                    homeOption.home().nativeLibraries(),
                    Runtime.getRuntime().availableProcessors());
        }
        var classes = Labels.read(labels, this::classesOf);
        var accepted = new ModelIntake(name, source, shape, mean, std, geometry, classes, licence).accept();
        try (var open = homeOption.openStore()) {
            put(open.store(), accepted);
        }
        return ExitCode.OK;
    }

    private Source source() {
        if (onnx == null ? architecture == null || weights == null : architecture != null || weights != null) {
            throw misused("say either --onnx FILE, or --architecture NAME and --weights FILE");
        }
        if (onnx == null && output != null) {
            throw misused("--output: only an ONNX file has several");
        }
        var file = onnx == null ? weights : onnx;
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw misused((onnx == null ? "--weights" : "--onnx") + ": cannot read " + file);
        }
        return onnx == null
                ? new Source.Named(weights, architecture)
                : new Source.Onnx(onnx, Optional.ofNullable(output));
    }

    private Optional<Shape> shape() {
        if (input == null) {
            return Optional.empty();
        }
        var sides = INPUT.matcher(input);
        if (!sides.matches()) {
            throw misused("--input is " + input + ", expected channels, height and width, such as 3x224x224");
        }
        var shape = new ImageShape(
                Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)), Integer.parseInt(sides.group(3)));
        return Optional.of(Shape.of(shape.channels(), shape.height(), shape.width()));
    }

    private Geometry geometry() {
        if (resize == null) {
            if (crop != null || interpolation != null) {
                throw misused("--crop and --interpolation say how to go on after --resize");
            }
            return null;
        }
        var cut = crop == null ? input == null ? null : input.substring(input.indexOf('x') + 1) : crop;
        if (cut == null) {
            throw misused("--resize: say --crop, too");
        }
        return new Geometry(
                resize,
                cut.contains("x") ? Geometry.Crop.parse(cut) : Geometry.Crop.of(number(cut)),
                interpolation == null ? null : WireNamed.parse(Interpolation.class, "interpolation", interpolation));
    }

    private int number(String text) {
        if (!text.matches("\\d{1,4}")) {
            throw misused("--crop is " + text + ", expected a number of pixels, or HEIGHTxWIDTH");
        }
        return Integer.parseInt(text);
    }

    private ParameterException misused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private List<String> classesOf(String dataset) {
        try (var open = homeOption.openStore()) {
            return new Catalog(open.store()).dataset(dataset).classes();
        }
    }

    private void put(ObjectStore store, Accepted accepted) {
        var card = accepted.model().card();
        if (!replace && isAnother(store, card)) {
            throw new SystemProblem("there is another network called " + name
                    + "; choose another name, or put this one in its place with --replace");
        }
        accepted.notes().forEach(System.out::println);
        var profile = accepted.profile();
        System.out.printf(
                Locale.ROOT,
                "%s: %d BatchNorm layers, %,d parameters, %,d multiply-adds an image; a forward pass is finite%n",
                name,
                profile.batchNorms(),
                profile.parameters(),
                profile.multiplyAdds());
        var changed = new ModelShelf(store).put(accepted.model());
        System.out.println(changed ? card.weights().key() + " is in the store" : name + " was there already");
    }

    private static boolean isAnother(ObjectStore store, ModelCard card) {
        return store.find(StoreLayout.modelCard(card.name())).isPresent()
                && !new Catalog(store).model(card.name()).equals(card);
    }
}
