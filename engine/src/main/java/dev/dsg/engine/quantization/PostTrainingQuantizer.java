package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Post-training quantization: the weight of every convolution and fully connected layer, activations per tensor. Which activations, and how, is up to the {@link Target}.
 *
 * @param settings how to quantize
 */
public record PostTrainingQuantizer(QuantizationSettings settings) {

    /**
     * Quantizes the weights of {@code network}, then finds the activation ranges in one pass over {@code batches}. A
     * {@link Reconstruction} learns the rounding of weights before that pass or after it, as its settings say.
     *
     * <p>At each activation a batch first extends what is known of its range and is then quantized by it, so that later
     * layers are calibrated on what they will see. Batches run one after the other: each meets the ranges its
     * predecessors left, and the network that is returned has those of the last. At the first activation the cut into
     * batches therefore does not matter (but see {@link RangeMethod#MSE}), at later ones a little.
     *
     * @param batches images as the network expects them, each {@code [batch, channels, height, width]}
     * @param progress told after every batch, after every iteration of a reconstruction, and after every width that is
     *     tried on a weight for the sake of a budget
     * @throws EngineException without images, or if weights or activations are not finite
     */
    public QuantizedNetwork quantize(Graph network, List<HostTensor> batches, ProgressListener progress) {
        CalibrationImages images = new CalibrationImages(batches);
        if (images.count() == 0) {
            throw new EngineException(Kind.INVALID_SETTING, "images", 0, "at least 1");
        }
        Graph exact = exact(network);
        QuantizedNetwork rounded =
                switch (settings.rounding()) {
                    case RoundingMethod.Nearest _, RoundingMethod.Squant _ -> rounded(exact, images, progress);
                    case Reconstruction how -> reconstructed(how, exact, images, progress);
                };
        return settings.biasCorrection() ? new BiasCorrection(exact, batches).correct(rounded) : rounded;
    }

    /** The network in floats that is quantized in place of {@code network}; it computes the same. */
    public Graph exact(Graph network) {
        Graph prepared = policy().prepare(network);
        return settings.equalization() ? CrossLayerEqualization.equalize(prepared) : prepared;
    }

    /**
     * Refuses a network for which {@code settings} cannot hold, whatever the images.
     *
     * @throws EngineException if no choice of widths for its weights meets the {@code weightBudget}
     */
    public void requireFit(Graph network) {
        new WeightWidths(settings, policy().prepare(network));
    }

    private QuantizationPolicy policy() {
        return settings.target().policy();
    }

    private QuantizedNetwork rounded(Graph network, CalibrationImages images, ProgressListener progress) {
        WeightWidths widths = new WeightWidths(settings, network);
        Steps steps = new Steps(progress, widths.steps() + images.batches().size());
        return calibrated(network, quantizeWeights(network, widths, images, steps), images, steps);
    }

    private QuantizedNetwork reconstructed(
            Reconstruction how, Graph network, CalibrationImages images, ProgressListener progress) {
        WeightWidths widths = new WeightWidths(settings, network);
        Set<String> activations = policy().edges(network, settings.widths()).keySet();
        Reconstructor reconstructor = new Reconstructor(how, network, activations, images);
        Steps steps = new Steps(progress, widths.steps() + images.batches().size() + reconstructor.steps());
        Map<String, QuantizedWeight> start = quantizeWeights(network, widths, images, steps);
        return switch (how.activations()) {
            case DROPPED -> reconstructor.learnWeights(calibrated(network, start, images, steps), steps);
            case EXACT -> {
                QuantizedNetwork rounded = reconstructor.learnWeights(assembled(network, start, Map.of()), steps);
                QuantizedNetwork calibrated = calibrated(network, rounded.weights(), images, steps);
                yield reconstructor.learnsRangesAfterwards()
                        ? reconstructor.learnRanges(calibrated, steps)
                        : calibrated;
            }
        };
    }

    private QuantizedNetwork calibrated(
            Graph network, Map<String, QuantizedWeight> weights, CalibrationImages images, Steps steps) {
        QuantizationPolicy policy = policy();
        Map<String, Edge> edges = policy.edges(network, settings.widths());
        Map<String, RangeObserver> observers = new LinkedHashMap<>();
        edges.values()
                .forEach(edge -> observers.computeIfAbsent(
                        edge.observed(), _ -> settings.range().observer(edge.bits(), images.count())));
        calibrate(QuantizedNetwork.dequantized(network, weights), edges, observers, images.batches(), steps);
        Map<String, Range> ranges = new LinkedHashMap<>();
        edges.forEach((node, edge) ->
                ranges.put(node, policy.covering(observers.get(edge.observed()).range())));
        return assembled(network, weights, ranges);
    }

    private QuantizedNetwork assembled(Graph network, Map<String, QuantizedWeight> weights, Map<String, Range> ranges) {
        return new QuantizedNetwork(
                network,
                settings.target(),
                settings.weightBits(),
                settings.widths(),
                settings.range(),
                weights,
                ranges);
    }

    private Map<String, QuantizedWeight> quantizeWeights(
            Graph network, WeightWidths widths, CalibrationImages images, Steps steps) {
        Map<String, QuantizedWeight> weights = new LinkedHashMap<>();
        List<Node> layers = network.weighted();
        layers.forEach(layer -> finite(layer.parameters().getFirst(), network.parameter(layer, 0)));
        Map<String, BitWidth> chosen = widths.choose(images, this::quantize, steps);
        for (Node layer : layers) {
            String name = layer.parameters().getFirst();
            weights.put(name, quantize(chosen.get(name), network.parameter(layer, 0)));
        }
        return weights;
    }

    private QuantizedWeight quantize(BitWidth bits, HostTensor weight) {
        AffineQuantizer quantizer = settings.weightGrid().of(bits, weight);
        return switch (settings.rounding()) {
            case RoundingMethod.Nearest _, Reconstruction _ -> QuantizedWeight.nearest(quantizer, weight);
            case RoundingMethod.Squant _ -> QuantizedWeight.squant(quantizer, weight);
        };
    }

    private static void finite(String name, HostTensor weight) {
        for (float value : weight.values()) {
            if (!Float.isFinite(value)) {
                throw new EngineException(Kind.CORRUPT_FILE, "tensor " + name, value, "finite");
            }
        }
    }

    private void calibrate(
            Graph network,
            Map<String, Edge> edges,
            Map<String, RangeObserver> observers,
            List<HostTensor> batches,
            Steps steps) {
        QuantizationPolicy policy = policy();
        Tap observing = new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                RangeObserver observer = observers.get(node.name());
                if (observer == null) {
                    return value;
                }
                observer.observe(value);
                Range range = policy.covering(observer.range()).checked(QuantizedFile.rangeName(node.name()));
                return new ActivationQuantizer(edges.get(node.name()).bits(), range).applyInPlace(value);
            }
        };
        try (Interpreter interpreter = new Interpreter(network)) {
            for (HostTensor batch : batches) {
                try (Scope _ = Scope.open()) {
                    interpreter.run(Tensor.of(batch.values(), batch.shape()).channelsLast(), observing);
                }
                steps.step();
            }
        }
    }
}
