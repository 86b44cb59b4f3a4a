package dev.dsg.standalone.job;

import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.standalone.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The layers whose quantization hurts a network most, for people.
 *
 * @param analysis of the network
 * @param limit how many layers
 */
public record LayerTable(NetworkAnalysis analysis, int limit) {

    /** The lines: what it is about, and the layers, the worst first. */
    public List<String> lines() {
        var table = new Table("layer", "bits", "weights", "weights dB", "its output dB", "alone, at the end dB");
        analysis.worstFirst()
                .limit(limit)
                .forEach(layer -> table.row(
                        layer.name(),
                        Integer.toString(layer.bits()),
                        String.format(Locale.ROOT, "%,d", layer.weights()),
                        decibels(layer.weightSqnr()),
                        decibels(layer.sqnr()),
                        decibels(layer.aloneSqnr())));
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT,
                "signal over quantization noise of the network: %s dB; of the layers that hurt most:",
                decibels(analysis.sqnr())));
        lines.addAll(table.lines());
        return lines;
    }

    private static String decibels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
