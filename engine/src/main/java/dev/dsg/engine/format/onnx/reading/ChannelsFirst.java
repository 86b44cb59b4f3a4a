package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.format.onnx.reading.OnnxImport.Imported;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a network with channels last read images with channels first. Where its first operation brings them first, that
 * is dropped; elsewhere one that brings them last is put before all others.
 */
final class ChannelsFirst {

    private static final Op FIRST = new Op.Transpose(List.of(0, 3, 1, 2));
    private static final Op LAST = new Op.Transpose(List.of(0, 2, 3, 1));

    /** The most channels that an image has; more are rows. */
    private static final int MOST_CHANNELS = 4;

    private ChannelsFirst() {}

    static Imported of(Imported imported) {
        Graph graph = imported.graph();
        Shape given = imported.input();
        List<Node> readers = readers(graph);
        boolean turned = !readers.isEmpty()
                && !readers.contains(graph.output())
                && readers.stream().allMatch(reader -> reader.op().equals(FIRST));
        if (!turned && !channelsLast(given)) {
            return imported;
        }
        Shape input = Shape.of(given.size(3), given.size(1), given.size(2));
        return imported.with(turned ? without(graph, readers) : turning(graph), input);
    }

    private static boolean channelsLast(Shape input) {
        return input.isImage() && input.size(3) <= MOST_CHANNELS && input.size(1) > MOST_CHANNELS;
    }

    private static List<Node> readers(Graph graph) {
        String input = graph.nodes().getFirst().name();
        return graph.nodes().stream()
                .filter(node -> node.inputs().contains(input))
                .toList();
    }

    private static Graph without(Graph graph, List<Node> dropped) {
        String input = graph.nodes().getFirst().name();
        Set<String> names = new HashSet<>(dropped.stream().map(Node::name).toList());
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> !names.contains(node.name()))
                .map(node -> reading(node, names, input))
                .toList();
        return new Graph(nodes, graph.initializers());
    }

    private static Graph turning(Graph graph) {
        Node input = graph.nodes().getFirst();
        Node last = new Node(input.name() + ".channels_last", LAST, List.of(input.name()), List.of());
        List<Node> nodes = new ArrayList<>(List.of(input, last));
        graph.nodes().stream()
                .skip(1)
                .map(node -> reading(node, Set.of(input.name()), last.name()))
                .forEach(nodes::add);
        return new Graph(nodes, graph.initializers());
    }

    private static Node reading(Node node, Set<String> replaced, String replacement) {
        List<String> inputs = node.inputs().stream()
                .map(name -> replaced.contains(name) ? replacement : name)
                .toList();
        return new Node(node.name(), node.op(), inputs, node.parameters());
    }
}
