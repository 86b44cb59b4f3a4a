package dev.dsg.standalone.measure;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.network.Architectures;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.SystemProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The network that is measured: one of the project's own, or a file of weights. */
final class Subject {

    @Option(
            names = "--model",
            defaultValue = "resnet20-cifar10",
            description = "folder under models/ (${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "a safetensors file instead of a model of the project")
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
        Graph graph = Architectures.build(architecture, classes, Safetensors.read(weights));
        return new Network(weights.getFileName().toString(), graph, new Preprocessing(mean, deviation));
    }

    private Network shipped(Path folder) {
        Path card = folder.resolve("model.json");
        if (!Files.exists(card)) {
            throw new SystemProblem("There is no " + card + "; --model names a folder under models/");
        }
        try {
            ModelCard read = Json.parse(Files.readAllBytes(card), ModelCard.class);
            Safetensors weights = Safetensors.read(folder.resolve("model.safetensors"));
            Graph graph =
                    Architectures.build(read.architecture(), read.classes().size(), weights);
            return new Network(read.name(), graph, new Preprocessing(floats(read.mean()), floats(read.std())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
