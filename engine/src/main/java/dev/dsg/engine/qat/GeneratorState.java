package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.painting.Learned;
import dev.dsg.engine.tensor.AdamLeaf;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A generator between two steps, as a file: for each thing learned its value, {@code NAME.mean} and {@code NAME.square}; the
 * number of steps is in the metadata. There are no running statistics, because no norm reads any.
 */
record GeneratorState(int position, Learned learned) {

    private static final String POSITION = "position";
    private static final String MEAN = ".mean";
    private static final String SQUARE = ".square";

    byte[] toSafetensors() {
        SafetensorsWriter file = new SafetensorsWriter().metadata(POSITION, position);
        learned.leaves().forEach((name, leaf) -> {
            AdamLeaf.State state = leaf.state();
            file.floats(name, new HostTensor(leaf.shape(), state.value()));
            file.floats(name + MEAN, new HostTensor(leaf.shape(), state.mean()));
            file.floats(name + SQUARE, new HostTensor(leaf.shape(), state.square()));
        });
        return file.toBytes();
    }

    /** Puts {@code learned} into the state of {@code bytes}, all or nothing, and returns the position. */
    static int restore(byte[] bytes, Learned learned) {
        Safetensors file = Safetensors.parse(bytes);
        int position = position(file);
        if (file.names().size() != 3 * learned.leaves().size()) {
            throw corrupt(
                    "checkpoint",
                    file.names().size() + " tensors",
                    3 * learned.leaves().size() + " tensors");
        }
        Map<AdamLeaf, AdamLeaf.State> states = new LinkedHashMap<>();
        learned.leaves()
                .forEach((name, leaf) -> states.put(
                        leaf,
                        new AdamLeaf.State(
                                values(file, name, leaf),
                                values(file, name + MEAN, leaf),
                                values(file, name + SQUARE, leaf),
                                position)));
        states.forEach(AdamLeaf::restore);
        return position;
    }

    private static int position(Safetensors file) {
        String text = file.metadata().get(POSITION);
        if (text == null || !text.matches("\\d{1,9}")) {
            throw corrupt(POSITION, text, "a number of steps");
        }
        return Integer.parseInt(text);
    }

    private static float[] values(Safetensors file, String name, AdamLeaf leaf) {
        HostTensor tensor = file.floats(name);
        if (!Arrays.equals(tensor.shape(), leaf.shape())) {
            throw corrupt("tensor " + name + " shape", Arrays.toString(tensor.shape()), Arrays.toString(leaf.shape()));
        }
        return tensor.values();
    }

    private static EngineException corrupt(String field, Object value, String expected) {
        return new EngineException(Kind.CORRUPT_FILE, field, value, expected);
    }
}
