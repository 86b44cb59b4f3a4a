package dev.dsg.engine.format.onnx.reading;

import java.util.List;

/** How one operator of ONNX becomes operations of the engine. */
@FunctionalInterface
interface Operator {

    /**
     * Adds what {@code call} computes to its assembly; one value for each output, from the first on. Outputs
     * that it leaves out may not be read.
     */
    List<Value> apply(Call call);

    /** An operator with one output. */
    @FunctionalInterface
    interface Single {

        Value apply(Call call);
    }

    /** As an operator. */
    static Operator of(Single single) {
        return call -> List.of(single.apply(call));
    }
}
