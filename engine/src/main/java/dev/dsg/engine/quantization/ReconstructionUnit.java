package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a network whose weights are learned together: it reads one value of the network and makes one.
 *
 * @param graph the part; its input bears the name of the value it reads, its output that of the value it makes
 */
record ReconstructionUnit(Graph graph) {

    /** The value it reads. */
    String input() {
        return graph.nodes().getFirst().name();
    }

    /** The value it makes. */
    String output() {
        return graph.output().name();
    }

    /**
     * Every convolution and fully connected layer of {@code network} for itself, with the BatchNorm and the activation
     * that alone read it.
     *
     * @param activations the nodes behind which values are quantized
     */
    static List<ReconstructionUnit> layers(Graph network, Set<String> activations) {
        Map<String, List<Node>> readers = readers(network);
        List<ReconstructionUnit> units = new ArrayList<>();
        for (Node node : network.weighted()) {
            List<Node> nodes = new ArrayList<>(List.of(node));
            while (mayGrow(nodes, activations)) {
                List<Node> next = readers.getOrDefault(nodes.getLast().name(), List.of());
                if (next.size() != 1 || !belongs(next.getFirst(), activations)) {
                    break;
                }
                nodes.add(next.getFirst());
            }
            units.add(of(network, node.input(), nodes));
        }
        return units;
    }

    /**
     * The smallest parts of {@code network} with weights that have one input and one output, each with the BatchNorm and
     * the activation behind it: a residual or branched block is one, and so is any layer that lies in none.
     *
     * @param activations the nodes behind which values are quantized
     */
    static List<ReconstructionUnit> blocks(Graph network, Set<String> activations) {
        List<ReconstructionUnit> units = new ArrayList<>();
        String input = null;
        List<Node> open = new ArrayList<>();
        String last = null;
        for (List<Node> part : parts(network)) {
            boolean weighted = part.stream().anyMatch(ReconstructionUnit::weighted);
            boolean continues = part.size() == 1 && belongs(part.getFirst(), activations) && mayGrow(open, activations);
            if (!continues && !open.isEmpty()) {
                units.add(of(network, input, open));
                open = new ArrayList<>();
            }
            if (weighted) {
                input = last;
            }
            if (weighted || continues) {
                open.addAll(part);
            }
            last = part.getLast().name();
        }
        if (!open.isEmpty()) {
            units.add(of(network, input, open));
        }
        return units;
    }

    /** The network cut behind every node whose value is then the only one that is still to be read. */
    private static List<List<Node>> parts(Graph network) {
        Map<String, Integer> unread = new HashMap<>();
        readers(network).forEach((name, readers) -> unread.put(name, readers.size()));
        Set<String> live = new HashSet<>();
        List<List<Node>> parts = new ArrayList<>();
        List<Node> part = new ArrayList<>();
        for (Node node : network.nodes()) {
            part.add(node);
            node.inputs().stream()
                    .filter(input -> unread.merge(input, -1, Integer::sum) == 0)
                    .forEach(live::remove);
            live.add(node.name());
            if (live.size() == 1) {
                parts.add(part);
                part = new ArrayList<>();
            }
        }
        return parts;
    }

    private static Map<String, List<Node>> readers(Graph network) {
        Map<String, List<Node>> readers = new HashMap<>();
        for (Node node : network.nodes()) {
            node.inputs().forEach(input -> readers.computeIfAbsent(input, _ -> new ArrayList<>())
                    .add(node));
        }
        return readers;
    }

    private static boolean mayGrow(List<Node> nodes, Set<String> activations) {
        return !nodes.isEmpty() && !activations.contains(nodes.getLast().name());
    }

    private static boolean belongs(Node node, Set<String> activations) {
        return node.op() instanceof Op.BatchNorm || activations.contains(node.name());
    }

    private static boolean weighted(Node node) {
        return node.op() instanceof Op.Conv || node.op() instanceof Op.Gemm;
    }

    private static ReconstructionUnit of(Graph network, String input, List<Node> nodes) {
        List<Node> all = new ArrayList<>();
        all.add(new Node(input, new Op.Input(), List.of(), List.of()));
        all.addAll(nodes);
        return new ReconstructionUnit(network.part(all));
    }
}
