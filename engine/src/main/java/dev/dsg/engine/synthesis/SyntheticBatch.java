package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Images of one batch.
 *
 * @param images {@code [count, channels, height, width]}, in the network's normalised input space
 * @param diagnostics what the optimisation showed: {@code loss.first}, {@code loss.last}, {@code slack.active} (share of
 *     channel statistics outside their slack), {@code cosine.mean} (mean cosine between two images)
 */
public record SyntheticBatch(HostTensor images, Map<String, Double> diagnostics) {

    public SyntheticBatch {
        diagnostics = Map.copyOf(diagnostics);
    }

    /** As a safetensors file; equal batches give equal bytes. */
    public byte[] toSafetensors() {
        SafetensorsWriter file = new SafetensorsWriter().floats("images", images);
        new TreeMap<>(diagnostics).forEach(file::metadata);
        return file.toBytes();
    }

    /** Reads what {@link #toSafetensors} wrote. */
    public static SyntheticBatch fromSafetensors(byte[] bytes) {
        Safetensors file = Safetensors.parse(bytes);
        Map<String, Double> diagnostics = new TreeMap<>();
        try {
            file.metadata().forEach((key, value) -> diagnostics.put(key, Double.valueOf(value)));
        } catch (NumberFormatException e) {
            throw new EngineException(Kind.CORRUPT_FILE, "metadata", e.getMessage(), "numbers");
        }
        return new SyntheticBatch(file.floats("images"), diagnostics);
    }
}
