package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a classifier from an ONNX file of opset 7 to 26, with its BatchNorm layers as they are. Faults are {@link
 * EngineException}s that name the node: {@link Kind#CORRUPT_FILE}, {@link Kind#INCOMPATIBLE_SHAPES}, {@link
 * Kind#UNSUPPORTED_OPERATOR}, {@link Kind#UNRESOLVED_SHAPE} and {@link Kind#NO_BATCH_NORM}.
 *
 * <p>The first dimension of the input is the batch, whatever length the file gives it, and has to stay the first dimension
 * of every value: a network may not mix its examples. An input with channels last becomes one with channels first. What
 * turns the logits of a classifier into probabilities at its very end is left out, because labels and distillation want
 * logits.
 */
public final class OnnxImport {

    private static final long OLDEST_OPSET = 7;
    private static final long NEWEST_OPSET = 26;

    /** All operators by name. */
    private static final Map<String, Operator> OPERATORS = new TreeMap<>();

    static {
        OPERATORS.putAll(LayerOperators.ALL);
        OPERATORS.putAll(WindowOperators.ALL);
        OPERATORS.putAll(ElementwiseOperators.ALL);
        OPERATORS.putAll(ShapeOperators.ALL);
    }

    /**
     * What a file holds.
     *
     * @param graph the network
     * @param input the shape of one example
     * @param output the shape of what the network returns for it
     * @param leftOut the nodes at the end that made probabilities of logits
     * @param alone whether the file says all of this by itself: it keeps no values in other files, and none of its outputs
     *     had to be chosen
     */
    public record Imported(Graph graph, Shape input, Shape output, List<String> leftOut, boolean alone) {

        Imported with(Graph graph, Shape input) {
            Shape output = ShapeInference.infer(graph, input).get(graph.output().name());
            return new Imported(graph, input, output, leftOut, alone);
        }
    }

    /**
     * What a file may leave open.
     *
     * @param input the shape of one example, channels first; it has to fit what the file says of it
     * @param output the name of the output with the logits, where there are several
     */
    public record Choice(Optional<Shape> input, Optional<String> output) {

        /** Nothing is chosen: the file has to say it all. */
        public static final Choice NONE = new Choice(Optional.empty(), Optional.empty());
    }

    private final ModelProto model;
    private final ExternalData folder;
    private final Choice choice;
    private final Map<String, Value> values = new HashMap<>();
    /** Outputs that the engine does not compute, such as the places of maxima; most files declare and never read them. */
    private final Map<String, Call> leftOut = new HashMap<>();

    private OnnxImport(ModelProto model, ExternalData folder, Choice choice) {
        this.model = model;
        this.folder = folder;
        this.choice = choice;
    }

    /** Reads a file; values that it keeps in other files must lie in its folder. */
    public static Imported read(Path file, Choice choice) {
        Path folder = file.toAbsolutePath().getParent();
        return new OnnxImport(parse(bytes(file)), new ExternalData(Optional.of(folder)), choice).classifier();
    }

    /** Reads a model in memory. */
    public static Imported parse(byte[] model) {
        return parse(model, Choice.NONE);
    }

    /** Reads a model in memory. */
    public static Imported parse(byte[] model, Choice choice) {
        return new OnnxImport(parse(ByteBuffer.wrap(model)), ExternalData.NONE, choice).classifier();
    }

    /** The names of the operators that may depend on the network's input. */
    public static Set<String> operators() {
        return Collections.unmodifiableSet(OPERATORS.keySet());
    }

    /** The network of a model, whether or not it is a classifier with BatchNorm. */
    static Imported any(ModelProto model) {
        OnnxImport reading = new OnnxImport(model, ExternalData.NONE, Choice.NONE);
        return reading.run(reading.output(), List.of());
    }

    private static ByteBuffer bytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > Integer.MAX_VALUE - 8) {
                throw new EngineException(
                        Kind.CORRUPT_FILE,
                        "file",
                        size + " bytes",
                        "fewer than 2 GiB; keep the weights as external data");
            }
            return ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelProto parse(ByteBuffer file) {
        ModelProto model = ModelProto.parse(file);
        if (model.opset() < OLDEST_OPSET || model.opset() > NEWEST_OPSET) {
            throw new EngineException(
                    Kind.UNSUPPORTED_OPERATOR,
                    "opset",
                    model.opset(),
                    OLDEST_OPSET + ".." + NEWEST_OPSET + "; export again, or convert with onnx.version_converter");
        }
        return model;
    }

    /** Where the logits are an image of one pixel, that is left to the values. */
    private static Imported flat(Imported imported) {
        Graph graph = imported.graph();
        if (!imported.output().isImage()
                || imported.output().count() != imported.output().channels()) {
            return imported;
        }
        Node last = graph.output();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(new Node(last.name() + ".flat", new Op.Flatten(), List.of(last.name()), List.of()));
        return imported.with(new Graph(nodes, graph.initializers()), imported.input());
    }

    private static Imported withBatchNorm(Imported imported) {
        if (imported.graph().nodes(Op.BatchNorm.class).isEmpty()) {
            throw new EngineException(
                    Kind.NO_BATCH_NORM,
                    "network",
                    "without BatchNormalization",
                    "BatchNorm layers as they were trained; export without folding them into convolutions (PyTorch:"
                            + " torch.onnx.export(..., training=TrainingMode.PRESERVE, do_constant_folding=False))");
        }
        return imported;
    }

    private Imported classifier() {
        Tail tail = Tail.of(model, output());
        Imported imported = withBatchNorm(flat(ChannelsFirst.of(run(tail.logits(), tail.labels()))));
        tail.requireOverClasses(imported.output());
        return imported;
    }

    private Imported run(String output, List<String> leftOut) {
        ModelProto.Input declared = input();
        Assembly assembly = new Assembly(
                declared.dimensions().isEmpty()
                        ? OptionalLong.empty()
                        : declared.dimensions().getFirst());
        Edge input = assembly.input(declared.name(), shape(declared, choice.input()));
        values.put(declared.name(), input);
        for (NodeProto node : needed(output)) {
            run(node, assembly);
        }
        if (!(values.get(output) instanceof Edge result)) {
            throw new EngineException(Kind.CORRUPT_FILE, "output " + output, "not computed", "made from the input");
        }
        Graph graph = Simplification.of(assembly.graph(input, result));
        boolean alone = model.outputs().size() == 1
                && model.initializers().values().stream()
                        .allMatch(tensor -> tensor.external().isEmpty());
        Shape made =
                ShapeInference.infer(graph, input.shape()).get(graph.output().name());
        return new Imported(graph, input.shape(), made, leftOut, alone);
    }

    private ModelProto.Input input() {
        List<ModelProto.Input> inputs = model.inputs().stream()
                .filter(input -> !model.initializers().containsKey(input.name()))
                .toList();
        if (inputs.size() != 1) {
            throw new EngineException(
                    Kind.UNSUPPORTED_OPERATOR,
                    "inputs",
                    inputs.stream().map(ModelProto.Input::name).toList(),
                    "one, the images");
        }
        ModelProto.Input input = inputs.getFirst();
        if (!ElementType.of(input.type(), "input " + input.name()).isReal()) {
            throw new EngineException(
                    Kind.UNSUPPORTED_OPERATOR,
                    "input " + input.name(),
                    "integers",
                    "images as floats, already normalised");
        }
        return input;
    }

    /** The shape of one example as the file has it: where images come with channels last, so does this. */
    private static Shape shape(ModelProto.Input input, Optional<Shape> given) {
        if (given.isEmpty()) {
            return shape(input);
        }
        Shape first = given.get();
        if (fits(input, first)) {
            return first;
        }
        if (first.isImage()) {
            Shape last = Shape.of(first.height(), first.width(), first.channels());
            if (fits(input, last)) {
                return last;
            }
        }
        throw new EngineException(
                Kind.INCOMPATIBLE_SHAPES, "input " + input.name(), first, "what the file says, " + text(input));
    }

    private static boolean fits(ModelProto.Input input, Shape shape) {
        List<OptionalLong> declared = input.dimensions();
        boolean fits = declared.isEmpty() || declared.size() == shape.rank();
        for (int axis = 1; fits && axis < declared.size(); axis++) {
            OptionalLong length = declared.get(axis);
            fits = length.isEmpty() || length.getAsLong() < 1 || length.getAsLong() == shape.size(axis);
        }
        return fits;
    }

    private static List<String> text(ModelProto.Input input) {
        return input.dimensions().stream()
                .map(d -> d.isPresent() ? String.valueOf(d.getAsLong()) : "?")
                .toList();
    }

    private static Shape shape(ModelProto.Input input) {
        List<Integer> sizes = new ArrayList<>();
        for (OptionalLong size : input.dimensions().stream().skip(1).toList()) {
            if (size.isEmpty() || size.getAsLong() < 1 || size.getAsLong() > Short.MAX_VALUE) {
                sizes.clear();
                break;
            }
            sizes.add((int) size.getAsLong());
        }
        if (sizes.isEmpty()) {
            throw new EngineException(
                    Kind.UNRESOLVED_SHAPE,
                    "input " + input.name(),
                    text(input),
                    "known lengths behind the batch; say the input's shape (--input), or export with a fixed one");
        }
        return new Shape(sizes);
    }

    private String output() {
        String chosen = choice.output().orElse(null);
        if (chosen == null ? model.outputs().size() != 1 : !model.outputs().contains(chosen)) {
            throw new EngineException(
                    Kind.UNSUPPORTED_OPERATOR,
                    "outputs",
                    model.outputs(),
                    chosen == null
                            ? "one, the logits; say which it is (--output), or export without auxiliary outputs"
                            : chosen + " among them");
        }
        return chosen == null ? model.outputs().getFirst() : chosen;
    }

    /** The nodes on which {@code output} depends, in order. */
    private List<NodeProto> needed(String output) {
        Set<String> names = new HashSet<>(Set.of(output));
        List<NodeProto> needed = new ArrayList<>();
        for (NodeProto node : model.nodes().reversed()) {
            if (node.outputs().stream().anyMatch(names::contains)) {
                names.addAll(node.inputs());
                needed.add(node);
            }
        }
        return needed.reversed();
    }

    private void run(NodeProto node, Assembly assembly) {
        List<Value> inputs = new ArrayList<>();
        for (String name : node.inputs()) {
            inputs.add(name.isEmpty() ? null : value(node, name));
        }
        Call call = new Call(node, model.opset(), inputs, assembly);
        List<Value> made;
        try {
            made = apply(call);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw call.wrong(
                    Kind.CORRUPT_FILE, e.getMessage(), "attributes and shapes that " + node.type() + " can have");
        }
        for (int i = 0; i < node.outputs().size(); i++) {
            if (i < made.size()) {
                values.put(node.outputs().get(i), made.get(i));
            } else {
                leftOut.put(node.outputs().get(i), call);
            }
        }
    }

    private Value value(NodeProto reader, String name) {
        Value known = values.get(name);
        if (known != null) {
            return known;
        }
        if (leftOut.containsKey(name)) {
            throw leftOut.get(name).unsupported("read at its output " + name, "only the first output read");
        }
        TensorProto initializer = model.initializers().get(name);
        if (initializer == null) {
            throw new EngineException(
                    Kind.CORRUPT_FILE, "node " + reader.label(), "reads " + name, "values that are made before it");
        }
        Constant constant = initializer.read(folder);
        values.put(name, constant);
        return constant;
    }

    private static List<Value> apply(Call call) {
        String type = call.node().type();
        if (!call.node().domain().isEmpty()) {
            throw call.unsupported("of domain " + call.node().domain(), "ONNX's own operators");
        }
        Folding.Rule folding = Folding.ALL.get(type);
        if (folding != null && call.isConstant()) {
            return List.of(folding.apply(call));
        }
        Operator operator = OPERATORS.get(type);
        if (operator == null) {
            throw call.unsupported(
                    "an operator that the engine does not compute",
                    "a network of " + String.join(", ", OPERATORS.keySet()));
        }
        return operator.apply(call);
    }
}
