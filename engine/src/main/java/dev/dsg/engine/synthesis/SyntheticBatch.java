package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Images of one batch.
 *
 * @param images {@code [count, channels, height, width]}, in the network's normalised input space
 * @param labels the class that each image was drawn towards; empty if they were made without label loss
 * @param diagnostics what the optimisation showed:
 *     <ul>
 *       <li>{@code loss.first}, {@code loss.last}: what was minimised, before the first and after the last step
 *       <li>{@code loss.alignment}, {@code loss.inhibition}, {@code loss.label}, {@code loss.variation}, {@code
 *           loss.norm}: its terms after the last step, before their weights; those of weight 0 are absent
 *       <li>{@code slack.active}: the share of channel statistics outside their slack; {@code slack.active.LAYER}: the
 *           same of one BatchNorm layer
 *       <li>{@code cosine.mean}: the mean cosine between two images; {@code vendi.pixels}: how many different images they
 *           amount to (see {@link VendiScore})
 *       <li>{@code agreement}, {@code loss.statistics}: of a generator's batches alone, what a {@link Critic} says
 *     </ul>
 */
public record SyntheticBatch(HostTensor images, List<Integer> labels, Map<String, Double> diagnostics) {

    public SyntheticBatch {
        labels = List.copyOf(labels);
        diagnostics = Map.copyOf(diagnostics);
        if (!labels.isEmpty() && labels.size() != images.size(0)) {
            throw new EngineException(
                    Kind.CORRUPT_FILE,
                    "labels",
                    labels.size() + " labels",
                    "one for each of " + images.size(0) + " images");
        }
    }

    /** As a safetensors file with exact values; equal batches give equal bytes. */
    public byte[] toSafetensors() {
        return toSafetensors(Encoding.FLOAT32);
    }

    /** As a safetensors file with values of the given precision; equal batches give equal bytes. */
    public byte[] toSafetensors(Encoding encoding) {
        SafetensorsWriter file = new SafetensorsWriter();
        encoding.encode(images, file);
        if (!labels.isEmpty()) {
            int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
            file.int32("labels", new long[] {classes.length}, classes);
        }
        new TreeMap<>(diagnostics).forEach(file::metadata);
        return file.toBytes();
    }

    /** Reads what {@link #toSafetensors(Encoding)} wrote, whatever the encoding. */
    public static SyntheticBatch fromSafetensors(byte[] bytes) {
        Safetensors file = Safetensors.parse(bytes);
        List<Integer> labels = file.names().contains("labels")
                ? Arrays.stream(file.ints("labels")).boxed().toList()
                : List.of();
        return new SyntheticBatch(Encoding.decode(file), labels, diagnostics(file));
    }

    private static Map<String, Double> diagnostics(Safetensors file) {
        Map<String, Double> diagnostics = new TreeMap<>();
        try {
            file.metadata().forEach((key, value) -> {
                if (!key.startsWith(Encoding.PREFIX)) {
                    diagnostics.put(key, Double.valueOf(value));
                }
            });
        } catch (NumberFormatException e) {
            throw new EngineException(Kind.CORRUPT_FILE, "metadata", e.getMessage(), "numbers");
        }
        return diagnostics;
    }
}
