package dev.dsg.engine.qat;

import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/** Writes what a training goes on from. {@link StateReader} reads it. */
final class StateWriter {

    static final String FORMAT = "dsg-training-state/1";

    /** What is written of an {@link AdamLeaf} bears its name with one of these behind. */
    static final String VALUE = ".value";

    static final String MEAN = ".mean";
    static final String SQUARE = ".square";
    static final String STEPS = ".steps";

    private final SafetensorsWriter file = new SafetensorsWriter();

    /**
     * @param kind what is trained
     * @param position how many steps were made
     */
    StateWriter(String kind, int position) {
        file.metadata("format", FORMAT).metadata("kind", kind).metadata("position", position);
    }

    void put(String name, Tensor values) {
        try (Scope _ = Scope.open()) {
            file.floats(name, new HostTensor(values.shape(), values.detach().toFloats()));
        }
    }

    void put(String name, float[] values) {
        file.floats(name, new HostTensor(new long[] {values.length}, values));
    }

    void put(String name, AdamLeaf leaf) {
        AdamLeaf.State state = leaf.state();
        file.floats(name + VALUE, new HostTensor(leaf.shape(), state.value()));
        file.floats(name + MEAN, new HostTensor(leaf.shape(), state.mean()));
        file.floats(name + SQUARE, new HostTensor(leaf.shape(), state.square()));
        put(name + STEPS, new float[] {state.steps()});
    }

    byte[] toBytes() {
        return file.toBytes();
    }
}
