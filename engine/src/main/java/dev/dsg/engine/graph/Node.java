package dev.dsg.engine.graph;

import java.util.List;

/**
 * One operation. Its name is also the name of the edge it produces.
 *
 * @param name unique in the graph
 * @param op what it computes
 * @param inputs names of the nodes it reads
 * @param parameters names of the initializers it reads, in the order {@link Op} gives
 */
public record Node(String name, Op op, List<String> inputs, List<String> parameters) {

    public Node {
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
    }

    /** The one node this one reads. */
    public String input() {
        return inputs.getFirst();
    }
}
