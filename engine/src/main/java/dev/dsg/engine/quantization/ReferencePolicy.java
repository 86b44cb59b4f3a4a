package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link Target#REFERENCE}. */
record ReferencePolicy() implements QuantizationPolicy {

    @Override
    public Graph prepare(Graph network) {
        return network;
    }

    @Override
    public Map<String, Edge> edges(Graph prepared, BitWidth activationBits) {
        Map<String, Edge> edges = new LinkedHashMap<>();
        for (Node node : prepared.activations()) {
            edges.put(node.name(), new Edge(activationBits, node.name()));
        }
        return edges;
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
