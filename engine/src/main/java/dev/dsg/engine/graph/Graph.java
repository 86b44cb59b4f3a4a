package dev.dsg.engine.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An immutable network: nodes in an order in which each reads only earlier ones, the first being the input and the last
 * the output, and the values of their parameters.
 */
public record Graph(List<Node> nodes, Map<String, HostTensor> initializers) {

    public Graph {
        nodes = List.copyOf(nodes);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
        Set<String> known = new HashSet<>();
        for (Node node : nodes) {
            if (!known.containsAll(node.inputs())) {
                throw new IllegalArgumentException(
                        node.name() + " reads " + node.inputs() + ", not all made before it");
            }
            if (!initializers.keySet().containsAll(node.parameters())) {
                throw new IllegalArgumentException(node.name() + " needs the initializers " + node.parameters());
            }
            if (!known.add(node.name())) {
                throw new IllegalArgumentException("two nodes are named " + node.name());
            }
        }
    }

    /** The node called {@code name}. */
    public Node node(String name) {
        return nodes.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no node " + name));
    }

    /** The node whose value the network returns. */
    public Node output() {
        return nodes.getLast();
    }

    /** The nodes whose operation is of the given kind, in order. */
    public List<Node> nodes(Class<? extends Op> kind) {
        return nodes.stream().filter(n -> kind.isInstance(n.op())).toList();
    }

    /** The nodes that have a weight to quantize: convolutions and fully connected layers. */
    public List<Node> weighted() {
        return nodes.stream()
                .filter(n -> n.op() instanceof Op.Conv || n.op() instanceof Op.Gemm)
                .toList();
    }

    /** The nodes whose values the reference policy quantizes, see {@link Op#isActivation}. */
    public List<Node> activations() {
        return nodes.stream().filter(n -> n.op().isActivation()).toList();
    }

    /** The value of parameter {@code index} of {@code node}. */
    public HostTensor parameter(Node node, int index) {
        return initializers.get(node.parameters().get(index));
    }

    /** The same network with some initializers replaced. */
    public Graph with(Map<String, HostTensor> replacements) {
        Map<String, HostTensor> merged = new LinkedHashMap<>(initializers);
        merged.putAll(replacements);
        return new Graph(nodes, merged);
    }

    /** A part of this network: {@code nodes}, in order and beginning with an input, and the initializers they read. */
    public Graph part(List<Node> nodes) {
        Map<String, HostTensor> read = new LinkedHashMap<>();
        nodes.forEach(node -> node.parameters().forEach(name -> read.put(name, initializers.get(name))));
        return new Graph(nodes, read);
    }

    /** The part of this network that ends with the node called {@code name}: all nodes up to it. */
    public Graph upTo(String name) {
        return part(nodes.subList(0, nodes.indexOf(node(name)) + 1));
    }

    /** This network without a softmax at its end: losses have one of their own. */
    public Graph logits() {
        Node output = output();
        return output.op() instanceof Op.Softmax ? upTo(output.input()) : this;
    }

    /** The names of all parameters but the running statistics of BatchNorm, each once, in the order of the nodes. */
    public List<String> trainable() {
        return nodes.stream()
                .flatMap(node -> node.op() instanceof Op.BatchNorm
                        ? node.parameters().subList(0, 2).stream()
                        : node.parameters().stream())
                .distinct()
                .toList();
    }

    /** The number of values in all initializers. */
    public long parameterCount() {
        return Stream.of(initializers.values().toArray(HostTensor[]::new))
                .mapToLong(t -> t.values().length)
                .sum();
    }
}
