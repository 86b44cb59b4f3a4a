package dev.dsg.standalone.catalog;

import dev.dsg.contracts.catalog.Geometry;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.format.StateDict;
import dev.dsg.engine.format.Weights;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.format.onnx.reading.OnnxImport;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Choice;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.Architectures;
import dev.dsg.engine.network.NetworkProfile;
import dev.dsg.engine.network.TrialRun;
import dev.dsg.platform.store.Content;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A network that a user brings, and what they say about it.
 *
 * @param name what it is to be called
 * @param source its file
 * @param input the shape of one image, if the file or the architecture leaves it open or another is wanted
 * @param mean for each channel; empty for ImageNet's
 * @param std likewise
 * @param geometry how images come to the input's size, or {@code null}
 * @param classes their names; empty for numbers
 * @param licence an SPDX expression, or where to read it
 */
public record ModelIntake(
        String name,
        Source source,
        Optional<Shape> input,
        List<Double> mean,
        List<Double> std,
        Geometry geometry,
        List<String> classes,
        String licence) {

    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    /** What a user can bring. */
    public sealed interface Source {

        /** The file. */
        Path file();

        /**
         * An ONNX file.
         *
         * @param output the output with the logits, where there are several
         */
        record Onnx(Path file, Optional<String> output) implements Source {}

        /** Weights, as safetensors or as a PyTorch state dict. */
        record Named(Path file, String architecture) implements Source {}
    }

    /**
     * A network that passed.
     *
     * @param model with its card
     * @param profile what it is made of
     * @param notes what was assumed or changed, for people
     */
    public record Accepted(ShelvedModel model, NetworkProfile profile, List<String> notes) {}

    /**
     * Reads the network, checks it, and runs it once on noise.
     *
     * @throws EngineException at the first node or tensor that is wrong
     * @throws DsgException {@code INVALID_FIELD} if what was said about it does not fit it
     */
    public Accepted accept() {
        return switch (source) {
            case Source.Onnx onnx -> accept(onnx);
            case Source.Named named -> accept(named);
        };
    }

    private Accepted accept(Source.Onnx onnx) {
        var imported = OnnxImport.read(onnx.file(), new Choice(input, onnx.output()));
        var notes = new ArrayList<String>();
        imported.leftOut().forEach(node -> notes.add("left out " + node + " at the end: labels want logits"));
        if (!imported.alone()) {
            notes.add("stored as one file: the values of other files inside, and no other outputs");
        }
        var file = imported.alone()
                ? Content.of(onnx.file(), Content.BINARY)
                : Content.of(OnnxExport.float32(imported.graph(), imported.input()), Content.BINARY);
        return accept(
                ModelFormat.ONNX, null, imported.input(), imported.output().count(), file, notes);
    }

    private Accepted accept(Source.Named named) {
        var shape = input.orElseGet(() -> Architectures.input(named.architecture()));
        var weights = Weights.read(named.file());
        return accept(
                weights instanceof StateDict ? ModelFormat.PTH : ModelFormat.SAFETENSORS,
                named.architecture(),
                shape,
                Architectures.classes(named.architecture(), weights),
                Content.of(named.file(), Content.BINARY),
                new ArrayList<>());
    }

    /** What is stored is what is checked: the graph is made of the file and the card, as every service will do it. */
    private Accepted accept(
            ModelFormat format, String architecture, Shape shape, int outputs, Content file, List<String> notes) {
        var key = StoreLayout.modelFile(name, format.fileName());
        var card = new ModelCard(
                name,
                format,
                architecture,
                image(shape),
                geometry,
                perChannel("mean", mean, IMAGENET_MEAN, shape, notes),
                perChannel("std", std, IMAGENET_STD, shape, notes),
                labels(outputs, notes),
                licence,
                new ObjectRef(key, file.sha256(), file.size()),
                null);
        var model = new ShelvedModel(card, file);
        var graph = model.graph();
        TrialRun.of(graph, shape);
        return new Accepted(model, NetworkProfile.of(graph, shape), notes);
    }

    private static ImageShape image(Shape shape) {
        if (!shape.isImage()) {
            throw DsgException.invalid("input", shape, "images, [batch, channels, height, width]");
        }
        return new ImageShape(shape.channels(), shape.height(), shape.width());
    }

    private static List<Double> perChannel(
            String field, List<Double> given, List<Double> usual, Shape shape, List<String> notes) {
        if (!given.isEmpty()) {
            return given;
        }
        if (shape.channels() != usual.size()) {
            throw DsgException.invalid(field, null, "a number for each of " + shape.channels() + " channels");
        }
        notes.add(field + " " + usual + ", ImageNet's, for none was given");
        return usual;
    }

    private List<String> labels(int outputs, List<String> notes) {
        if (classes.isEmpty()) {
            notes.add("classes 0 to " + (outputs - 1) + ", for no labels were given");
            return IntStream.range(0, outputs).mapToObj(String::valueOf).toList();
        }
        if (classes.size() != outputs) {
            throw DsgException.invalid(
                    "labels", classes.size() + " names", outputs + ", one for each output of the network");
        }
        return classes;
    }
}
