package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/** Reads what {@link StateWriter} wrote, and nothing that has another shape than what it is read into. */
final class StateReader {

    private final Safetensors file;

    /** @param kind what is trained */
    StateReader(String kind, byte[] bytes) {
        this.file = Safetensors.parse(bytes);
        require("metadata format", metadata("format"), StateWriter.FORMAT);
        require("metadata kind", metadata("kind"), kind);
    }

    /** How many steps were made. */
    int position() {
        String position = metadata("position");
        if (!position.matches("\\d{1,9}")) {
            throw new EngineException(Kind.CORRUPT_FILE, "metadata position", position, "a number of steps");
        }
        return Integer.parseInt(position);
    }

    /** Overwrites {@code values}. */
    void get(String name, Tensor values) {
        try (Scope _ = Scope.open();
                GradientScope _ = GradientScope.pause()) {
            values.setInPlace(Tensor.of(floats(name, values.shape()), values.shape()));
        }
    }

    float[] floats(String name, long... shape) {
        require("tensor " + name + " shape", Arrays.toString(file.shape(name)), Arrays.toString(shape));
        return file.floats(name).values();
    }

    /** Overwrites {@code leaf} and what it remembers. */
    void get(String name, AdamLeaf leaf) {
        leaf.restore(new AdamLeaf.State(
                floats(name + ".value", leaf.shape()),
                floats(name + ".mean", leaf.shape()),
                floats(name + ".square", leaf.shape()),
                file.ints(name + ".steps")[0]));
    }

    private String metadata(String key) {
        return file.metadata().getOrDefault(key, "missing");
    }

    private static void require(String field, String value, String expected) {
        if (!value.equals(expected)) {
            throw new EngineException(Kind.CORRUPT_FILE, field, value, expected);
        }
    }
}
