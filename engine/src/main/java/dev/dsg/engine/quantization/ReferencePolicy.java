package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** {@link Target#REFERENCE}. */
record ReferencePolicy() implements QuantizationPolicy {

    @Override
    public Graph prepare(Graph network) {
        return network;
    }

    @Override
    public Map<String, Edge> edges(Graph prepared, ActivationBits bits) {
        Map<String, Edge> edges = new LinkedHashMap<>();
        Set<String> last = readByLastLayer(prepared);
        for (Node node : prepared.activations()) {
            edges.put(node.name(), new Edge(last.contains(node.name()) ? bits.last() : bits.usual(), node.name()));
        }
        return edges;
    }

    /** The activations, and what lies between, that the last layer reads without another layer between. */
    private static Set<String> readByLastLayer(Graph graph) {
        Set<String> read = new HashSet<>(graph.weighted().getLast().inputs());
        for (Node node : graph.nodes().reversed()) {
            boolean layer = node.op() instanceof Op.Conv || node.op() instanceof Op.Gemm;
            if (read.contains(node.name()) && !layer && !node.op().isActivation()) {
                read.addAll(node.inputs());
            }
        }
        return read;
    }

    @Override
    public Range covering(Range observed) {
        return observed;
    }

    @Override
    public boolean quantizesBiases() {
        return false;
    }
}
