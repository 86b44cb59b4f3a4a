package dev.dsg.engine.execution;

import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Tensor;

/** Sees every value on its way through the network, and may replace it. Values are valid only during the call. */
public interface Tap {

    /** A tap that sees nothing. */
    Tap NONE = new Tap() {};

    /** Called before {@code node} reads its first input {@code value}; the node reads what is returned. */
    default Tensor before(Node node, Tensor value) {
        return value;
    }

    /** Called after {@code node} made {@code value}; its readers see what is returned. */
    default Tensor after(Node node, Tensor value) {
        return value;
    }

    /** This tap and then {@code next}, which sees what this one returns. */
    default Tap then(Tap next) {
        Tap first = this;
        return new Tap() {
            @Override
            public Tensor before(Node node, Tensor value) {
                return next.before(node, first.before(node, value));
            }

            @Override
            public Tensor after(Node node, Tensor value) {
                return next.after(node, first.after(node, value));
            }
        };
    }
}
