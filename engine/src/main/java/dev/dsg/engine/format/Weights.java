package dev.dsg.engine.format;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The named tensors of a file, in whichever form it has. Every fault of a file is an {@link EngineException} of kind
 * {@link Kind#CORRUPT_FILE} that names the part at fault.
 */
public sealed interface Weights permits Safetensors, StateDict {

    /** The tensors' names, in the file's order. */
    Set<String> names();

    /** The shape of {@code name}. */
    long[] shape(String name);

    /** The values of a floating-point tensor as float32, row-major; F64 is rounded. */
    HostTensor floats(String name);

    /** Reads a whole file of either form, up to 2 GiB. */
    static Weights read(Path file) {
        try {
            if (Files.size(file) > Integer.MAX_VALUE - Long.BYTES) {
                throw new EngineException(
                        Kind.CORRUPT_FILE,
                        "file " + file.getFileName(),
                        Files.size(file) + " bytes",
                        "less than 2 GiB");
            }
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses the bytes of a file; its first bytes tell which form it has. */
    static Weights parse(byte[] file) {
        return StateDict.recognises(file) ? StateDict.parse(file) : Safetensors.parse(file);
    }
}
