package dev.dsg.engine.format.onnx;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import java.util.HashSet;
import java.util.Set;

/** What operations read: the parameters and values of a graph, here in float32 as they are. Made for one export. */
public class Edges {

    private final Graph graph;
    private final Set<String> written = new HashSet<>();

    public Edges(Graph graph) {
        this.graph = graph;
    }

    /** Writes parameter {@code index} of {@code node} unless that was done before; returns the value to read. */
    public String parameter(OnnxModel model, Node node, int index) {
        String name = node.parameters().get(index);
        if (written.add(name)) {
            HostTensor tensor = graph.initializers().get(name);
            model.floats(name, tensor.shape(), tensor.values());
        }
        return name;
    }

    /** Whether {@link #value} does to its input what {@code node} would, so that the operation need not be written. */
    public boolean implies(Node node) {
        return false;
    }

    /** Called where {@code node} is written; returns the value that is read in place of {@code made}, which it made. */
    public String value(OnnxModel model, Node node, String made) {
        return made;
    }
}
