package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a classifier, where some files make probabilities, or their logarithms, of the logits.
 *
 * @param logits the value before it; the file's output if there is no such end
 * @param nodes what follows the logits, in order
 */
record Tail(String logits, List<NodeProto> nodes) {

    private static final Set<String> PROBABILITIES = Set.of("Softmax", "LogSoftmax");

    static Tail of(ModelProto model, String output) {
        List<NodeProto> nodes = new ArrayList<>();
        String logits = output;
        for (Optional<NodeProto> last = maker(model, logits); last.isPresent(); last = maker(model, logits)) {
            NodeProto node = last.get();
            boolean dropped = PROBABILITIES.contains(node.type());
            if (node.inputs().isEmpty() || !dropped && !node.type().equals("Identity")) {
                break;
            }
            if (dropped) {
                nodes.addFirst(node);
            }
            logits = node.inputs().getFirst();
        }
        return new Tail(logits, nodes);
    }

    private static Optional<NodeProto> maker(ModelProto model, String value) {
        return model.nodes().stream()
                .filter(node -> node.outputs().contains(value))
                .findFirst();
    }

    /** What people call the nodes. */
    List<String> labels() {
        return nodes.stream()
                .map(node -> node.label() + " (" + node.type() + ")")
                .toList();
    }

    /** Refuses probabilities over anything but classes: without them the network would return something else. */
    void requireOverClasses(Shape output) {
        for (NodeProto node : nodes) {
            NodeProto.Attribute axis = node.attributes().get("axis");
            boolean overClasses = output.count() == output.size(1)
                    && (axis == null || axis.integer() == 1 || axis.integer() == 1 - output.rank());
            if (!overClasses) {
                throw new EngineException(
                        Kind.UNSUPPORTED_OPERATOR,
                        "node " + node.label() + " (" + node.type() + ")",
                        (axis == null ? "" : "axis " + axis.integer() + " of ") + output,
                        "at the end of a classifier, axis 1 of [batch, classes]");
            }
        }
    }
}
