package dev.dsg.standalone.measure;

import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.standalone.SystemProblem;
import dev.dsg.standalone.catalog.ModelFolder;
import dev.dsg.standalone.catalog.ShelvedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The network that is measured: one of the project's own, or a file of weights. */
final class Subject {

    private static final Shape INPUT = Shape.of(3, 32, 32);

    @Option(
            names = "--model",
            defaultValue = "resnet20-cifar10",
            description = "folder under models/ (${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "a safetensors or .pth file instead of a model of the project")
    private Path weights;

    @Option(
            names = "--architecture",
            description = "of --weights (${DEFAULT-VALUE})",
            defaultValue = "resnet20-cifar-a")
    private String architecture;

    @Option(
            names = "--mean",
            split = ",",
            description = "of --weights (${DEFAULT-VALUE})",
            defaultValue = "0.485,0.456,0.406")
    private float[] mean;

    @Option(
            names = "--std",
            split = ",",
            description = "of --weights (${DEFAULT-VALUE})",
            defaultValue = "0.229,0.224,0.225")
    private float[] deviation;

    /** A network and what it expects of an image. */
    record Network(String name, Graph graph, Preprocessing preprocessing) {}

    /** @param classes of the data set */
    Network load(Path root, int classes) {
        return weights == null ? shipped(root.resolve("models").resolve(model)) : file(classes);
    }

    private Network file(int classes) {
        NetworkFile description = new NetworkFile(Optional.of(architecture), INPUT, classes);
        try {
            Graph graph = description.read(Files.readAllBytes(weights));
            return new Network(weights.getFileName().toString(), graph, new Preprocessing(mean, deviation));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + weights, e);
        }
    }

    /** The network in a folder of models. */
    static Network shipped(Path folder) {
        Path card = folder.resolve("model.json");
        if (!Files.exists(card)) {
            throw new SystemProblem("There is no " + card + "; --model names a folder under models/");
        }
        ShelvedModel read = new ModelFolder(folder).read();
        return new Network(read.card().name(), read.graph(), read.preprocessing());
    }
}
