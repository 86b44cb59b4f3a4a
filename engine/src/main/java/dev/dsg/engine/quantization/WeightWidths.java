package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The widths that settings give the weights of a network: one for all, another for the first and the last layer if there
 * are {@code edgeBits}, and to each by its {@link Sensitivity} if there is a {@code weightBudget}. The budget is for all
 * weights together, but those that have {@code edgeBits} keep them.
 */
final class WeightWidths {

    private final QuantizationSettings settings;
    private final Graph network;
    private final Map<String, BitWidth> edges = new LinkedHashMap<>();
    private final List<Node> others;

    /**
     * @param network as it is quantized, see {@link QuantizationPolicy#prepare}
     * @throws EngineException if no choice of widths meets the budget
     */
    WeightWidths(QuantizationSettings settings, Graph network) {
        this.settings = settings;
        this.network = network;
        List<Node> layers = network.weighted();
        settings.edgeBits().ifPresent(bits -> Stream.of(layers.getFirst(), layers.getLast())
                .forEach(layer -> edges.put(weight(layer), bits)));
        this.others = layers.stream()
                .filter(layer -> !edges.containsKey(weight(layer)))
                .toList();
        settings.weightBudget().ifPresent(this::requireEnough);
    }

    private void requireEnough(double budget) {
        long fewest = edgeBits()
                + others.stream().mapToLong(layer -> count(weight(layer))).sum()
                        * BitAllocation.WIDTHS.getFirst().bits();
        if (fewest > budget * count()) {
            // Rounded up: what is said to be enough has to be.
            double least = Math.ceil(100.0 * fewest / count()) / 100;
            throw new EngineException(
                    Kind.INVALID_SETTING,
                    "weightBudget",
                    budget,
                    String.format(Locale.ROOT, "at least %.2f, which the first and the last layer leave", least));
        }
    }

    /** How many steps {@link #choose} takes. */
    int steps() {
        return settings.weightBudget().isPresent() ? others.size() * BitAllocation.WIDTHS.size() : 0;
    }

    /**
     * The width of each weight, by its name.
     *
     * @param rounding how a weight becomes one of the given width, for comparison
     * @param steps told of each comparison
     */
    Map<String, BitWidth> choose(
            CalibrationImages images, BiFunction<BitWidth, HostTensor, QuantizedWeight> rounding, Steps steps) {
        Map<String, BitWidth> widths = new LinkedHashMap<>();
        network.weighted().forEach(layer -> widths.put(weight(layer), settings.weightBits()));
        widths.putAll(edges);
        settings.weightBudget().ifPresent(budget -> {
            try (Sensitivity sensitivity = new Sensitivity(network, images, rounding)) {
                List<BitAllocation.Weight> weights = others.stream()
                        .map(layer -> sensitivity.of(layer, steps))
                        .toList();
                widths.putAll(BitAllocation.choose(weights, budget * count() - edgeBits()));
            }
        });
        return widths;
    }

    /** How many bits the weights take that have no choice. */
    private long edgeBits() {
        return edges.entrySet().stream()
                .mapToLong(edge -> count(edge.getKey()) * edge.getValue().bits())
                .sum();
    }

    private long count() {
        return network.weighted().stream()
                .mapToLong(layer -> count(weight(layer)))
                .sum();
    }

    private long count(String weight) {
        return network.initializers().get(weight).values().length;
    }

    private static String weight(Node layer) {
        return layer.parameters().getFirst();
    }
}
