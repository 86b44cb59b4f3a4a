package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads what {@link StateWriter} wrote, all or nothing: what is read takes effect when everything has been asked for and
 * had the shape that it is read into.
 */
final class StateReader {

    private final Safetensors file;
    private final List<Runnable> changes = new ArrayList<>();

    /** @param kind what is trained */
    StateReader(String kind, byte[] bytes) {
        this.file = Safetensors.parse(bytes);
        require("metadata format", metadata("format"), StateWriter.FORMAT);
        require("metadata kind", metadata("kind"), kind);
    }

    /** Overwrites {@code values}. */
    void get(String name, Tensor values) {
        float[] read = floats(name, values.shape());
        changes.add(() -> {
            try (Scope _ = Scope.open();
                    GradientScope _ = GradientScope.pause()) {
                values.setInPlace(Tensor.of(read, values.shape()));
            }
        });
    }

    /** Passes {@code count} values on to {@code target}. */
    void get(String name, int count, Consumer<float[]> target) {
        float[] read = floats(name, count);
        changes.add(() -> target.accept(read));
    }

    /** Overwrites {@code leaf} and what it remembers. */
    void get(String name, AdamLeaf leaf) {
        AdamLeaf.State state = new AdamLeaf.State(
                floats(name + StateWriter.VALUE, leaf.shape()),
                floats(name + StateWriter.MEAN, leaf.shape()),
                floats(name + StateWriter.SQUARE, leaf.shape()),
                (int) floats(name + StateWriter.STEPS, 1)[0]);
        changes.add(() -> leaf.restore(state));
    }

    /** Lets all that was read take effect, and returns how many steps were made. */
    int apply() {
        String position = metadata("position");
        if (!position.matches("\\d{1,9}")) {
            throw new EngineException(Kind.CORRUPT_FILE, "metadata position", position, "a number of steps");
        }
        changes.forEach(Runnable::run);
        return Integer.parseInt(position);
    }

    private float[] floats(String name, long... shape) {
        require("tensor " + name + " shape", Arrays.toString(file.shape(name)), Arrays.toString(shape));
        return file.floats(name).values();
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
