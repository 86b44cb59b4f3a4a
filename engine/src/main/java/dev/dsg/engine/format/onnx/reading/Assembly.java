package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** The graph in the making: its nodes with the shapes of what they make, and its parameters. */
final class Assembly {

    /** A parameter of a node: the name it would like, and its values. */
    record Parameter(String name, HostTensor values) {

        /** The values of a constant in another shape. */
        static Parameter of(String name, float[] values, long... shape) {
            return new Parameter(name, new HostTensor(shape, values));
        }
    }

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, HostTensor> initializers = new LinkedHashMap<>();

    /** What a quantized network's file adds to the name of a weight. */
    private static final List<String> QUANTIZED = List.of(".scale", ".zero_point");

    /** Matches no length in a file. */
    private static final long NO_BATCH = -2;

    private final long batch;

    /** @param batch the size of the batch, if the file gives one */
    Assembly(OptionalLong batch) {
        this.batch = batch.orElse(NO_BATCH);
    }

    /** The size that the file gives the batch, or a number that no length has. */
    long batch() {
        return batch;
    }

    /** Adds the network's input. */
    Edge input(String name, Shape shape) {
        nodes.put(name, new Node(name, new Op.Input(), List.of(), List.of()));
        return new Edge(name, shape);
    }

    /** Adds a node; it and its parameters get the wanted names, or similar ones where those are taken. */
    Edge add(String wanted, Op op, List<Edge> inputs, Parameter... parameters) {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : parameters) {
            checkFinite(parameter);
            String name = free(parameter.name(), this::taken);
            initializers.put(name, parameter.values());
            names.add(name);
        }
        List<String> reads = inputs.stream().map(Edge::node).toList();
        Node node = new Node(free(wanted, nodes::containsKey), op, reads, names);
        List<HostTensor> values =
                Arrays.stream(parameters).map(Parameter::values).toList();
        Shape shape =
                ShapeInference.infer(node, inputs.stream().map(Edge::shape).toList(), values);
        nodes.put(node.name(), node);
        return new Edge(node.name(), shape);
    }

    /** Also names that the file of the quantized network gives to what belongs to another parameter. */
    private boolean taken(String name) {
        return initializers.containsKey(name)
                || QUANTIZED.stream()
                        .anyMatch(suffix -> initializers.containsKey(name + suffix)
                                || name.endsWith(suffix)
                                        && initializers.containsKey(
                                                name.substring(0, name.length() - suffix.length())));
    }

    private static String free(String wanted, Predicate<String> taken) {
        String name = wanted;
        for (int i = 2; taken.test(name); i++) {
            name = wanted + "." + i;
        }
        return name;
    }

    private static void checkFinite(Parameter parameter) {
        for (float value : parameter.values().values()) {
            if (!Float.isFinite(value)) {
                throw new EngineException(Kind.CORRUPT_FILE, "tensor " + parameter.name(), value, "finite values");
            }
        }
    }

    /** The nodes that {@code output} depends on, with their parameters. */
    Graph graph(Edge input, Edge output) {
        Set<String> needed = new HashSet<>(List.of(input.node(), output.node()));
        Deque<String> open = new ArrayDeque<>(needed);
        while (!open.isEmpty()) {
            for (String read : nodes.get(open.pop()).inputs()) {
                if (needed.add(read)) {
                    open.push(read);
                }
            }
        }
        List<Node> kept = nodes.values().stream()
                .filter(node -> needed.contains(node.name()))
                .toList();
        Map<String, HostTensor> parameters = new LinkedHashMap<>();
        kept.forEach(node -> node.parameters().forEach(name -> parameters.put(name, initializers.get(name))));
        return new Graph(kept, parameters);
    }
}
