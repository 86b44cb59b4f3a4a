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
 * of every value: a network may not mix its examples. An input with channels last whose first operation brings them first
 * becomes an input with channels first.
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
     */
    public record Imported(Graph graph, Shape input, Shape output) {

        static Imported of(Graph graph, Shape input) {
            return new Imported(
                    graph,
                    input,
                    ShapeInference.infer(graph, input).get(graph.output().name()));
        }
    }

    private final ModelProto model;
    private final ExternalData folder;
    private final Map<String, Value> values = new HashMap<>();
    /** Outputs that the engine does not compute, such as the places of maxima; most files declare and never read them. */
    private final Map<String, Call> leftOut = new HashMap<>();

    private OnnxImport(ModelProto model, ExternalData folder) {
        this.model = model;
        this.folder = folder;
    }

    /** Reads a file; values that it keeps in other files must lie in its folder. */
    public static Imported read(Path file) {
        return read(file, Optional.empty());
    }

    /**
     * Reads a file.
     *
     * @param input the shape of one example, channels first, for files that leave it open; it has to fit the others
     */
    public static Imported read(Path file, Optional<Shape> input) {
        Path folder = file.toAbsolutePath().getParent();
        return withBatchNorm(new OnnxImport(parse(bytes(file)), new ExternalData(Optional.of(folder))).run(input));
    }

    /** Reads a model in memory. */
    public static Imported parse(byte[] model) {
        return parse(model, Optional.empty());
    }

    /**
     * Reads a model in memory.
     *
     * @param input the shape of one example, channels first, for files that leave it open; it has to fit the others
     */
    public static Imported parse(byte[] model, Optional<Shape> input) {
        return withBatchNorm(new OnnxImport(parse(ByteBuffer.wrap(model)), ExternalData.NONE).run(input));
    }

    /** The names of the operators that may depend on the network's input. */
    public static Set<String> operators() {
        return Collections.unmodifiableSet(OPERATORS.keySet());
    }

    /** Reads a model in memory that may do without BatchNorm. */
    static Imported any(byte[] model) {
        return any(parse(ByteBuffer.wrap(model)));
    }

    /** As {@link #any(byte[])}, for what was parsed already. */
    static Imported any(ModelProto model) {
        return new OnnxImport(model, ExternalData.NONE).run(Optional.empty());
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

    private Imported run(Optional<Shape> shape) {
        ModelProto.Input declared = input();
        Assembly assembly = new Assembly(
                declared.dimensions().isEmpty()
                        ? OptionalLong.empty()
                        : declared.dimensions().getFirst());
        Edge input = assembly.input(declared.name(), shape(declared, shape));
        values.put(declared.name(), input);
        String output = output();
        for (NodeProto node : needed(output)) {
            run(node, assembly);
        }
        if (!(values.get(output) instanceof Edge result)) {
            throw new EngineException(Kind.CORRUPT_FILE, "output " + output, "not computed", "made from the input");
        }
        Graph graph = Simplification.of(assembly.graph(input, result));
        return channelsFirst(Imported.of(graph, input.shape()));
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
                    "known lengths behind the batch; say the input's shape, or export with a fixed one");
        }
        return new Shape(sizes);
    }

    private String output() {
        if (model.outputs().size() != 1) {
            throw new EngineException(
                    Kind.UNSUPPORTED_OPERATOR,
                    "outputs",
                    model.outputs(),
                    "one, the classes; export without auxiliary outputs");
        }
        return model.outputs().getFirst();
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

    /** Drops the operation that brings the channels of the input first, if nothing reads them last. */
    private static Imported channelsFirst(Imported imported) {
        Graph graph = imported.graph();
        Node input = graph.nodes().getFirst();
        List<Node> readers = graph.nodes().stream()
                .filter(node -> node.inputs().contains(input.name()))
                .toList();
        Op channelsFirst = new Op.Transpose(List.of(0, 3, 1, 2));
        boolean all = readers.stream().allMatch(reader -> reader.op().equals(channelsFirst));
        if (readers.isEmpty() || !all || readers.contains(graph.output())) {
            return imported;
        }
        Set<String> dropped = new HashSet<>(readers.stream().map(Node::name).toList());
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> !dropped.contains(node.name()))
                .map(node -> new Node(
                        node.name(),
                        node.op(),
                        node.inputs().stream()
                                .map(name -> dropped.contains(name) ? input.name() : name)
                                .toList(),
                        node.parameters()))
                .toList();
        Shape last = imported.input();
        return Imported.of(new Graph(nodes, graph.initializers()), Shape.of(last.size(3), last.size(1), last.size(2)));
    }
}
