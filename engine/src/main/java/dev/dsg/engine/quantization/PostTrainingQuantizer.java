package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Post-training quantization by the policy of ZeroQ and DSG: the weight of every convolution and fully connected layer,
 * what every activation function makes per tensor, all layers to the same widths. Everything else stays as it is: the
 * input, the sums of residual branches before their ReLU, pooled features, logits, biases and BatchNorm.
 *
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param rangeMethod how activation ranges are found
 * @param weightGrid what weights are rounded to
 * @param roundingMethod how weights are rounded
 */
public record PostTrainingQuantizer(
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod rangeMethod,
        WeightGrid weightGrid,
        RoundingMethod roundingMethod) {

    /** Rounds each weight to the nearest value between the smallest and the largest of its channel. */
    public PostTrainingQuantizer(BitWidth weightBits, BitWidth activationBits, RangeMethod rangeMethod) {
        this(weightBits, activationBits, rangeMethod, RoundingMethod.NEAREST);
    }

    /** Rounds to values between the smallest and the largest of each channel. */
    public PostTrainingQuantizer(
            BitWidth weightBits, BitWidth activationBits, RangeMethod rangeMethod, RoundingMethod roundingMethod) {
        this(weightBits, activationBits, rangeMethod, WeightGrid.MIN_MAX, roundingMethod);
    }

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
     * @param progress told after every batch, and after every iteration of a reconstruction
     * @throws EngineException without images, or if weights or activations are not finite
     */
    public QuantizedNetwork quantize(Graph network, List<HostTensor> batches, ProgressListener progress) {
        if (new CalibrationImages(batches).count() == 0) {
            throw new EngineException(Kind.INVALID_SETTING, "images", 0, "at least 1");
        }
        return switch (roundingMethod) {
            case RoundingMethod.Nearest _, RoundingMethod.Squant _ ->
                calibrated(network, quantizeWeights(network), batches, new Steps(progress, batches.size()));
            case Reconstruction settings -> reconstructed(settings, network, batches, progress);
        };
    }

    private QuantizedNetwork reconstructed(
            Reconstruction settings, Graph network, List<HostTensor> batches, ProgressListener progress) {
        Map<String, QuantizedWeight> start = quantizeWeights(network);
        Set<String> activations = network.activations().stream().map(Node::name).collect(Collectors.toSet());
        Reconstructor reconstructor = new Reconstructor(settings, network, activations, new CalibrationImages(batches));
        Steps steps = new Steps(progress, batches.size() + reconstructor.steps());
        return switch (settings.activations()) {
            case DROPPED -> reconstructor.learnWeights(calibrated(network, start, batches, steps), steps);
            case EXACT -> {
                QuantizedNetwork rounded = reconstructor.learnWeights(assembled(network, start, Map.of()), steps);
                QuantizedNetwork calibrated = calibrated(network, rounded.weights(), batches, steps);
                yield reconstructor.learnsRangesAfterwards()
                        ? reconstructor.learnRanges(calibrated, steps)
                        : calibrated;
            }
        };
    }

    private QuantizedNetwork calibrated(
            Graph network, Map<String, QuantizedWeight> weights, List<HostTensor> batches, Steps steps) {
        int images = new CalibrationImages(batches).count();
        Map<String, RangeObserver> observers = new LinkedHashMap<>();
        for (Node node : network.activations()) {
            observers.put(node.name(), rangeMethod.observer(activationBits, images));
        }
        calibrate(QuantizedNetwork.dequantized(network, weights), observers, batches, steps);
        Map<String, Range> ranges = new LinkedHashMap<>();
        observers.forEach((node, observer) -> ranges.put(node, observer.range()));
        return assembled(network, weights, ranges);
    }

    private QuantizedNetwork assembled(Graph network, Map<String, QuantizedWeight> weights, Map<String, Range> ranges) {
        return new QuantizedNetwork(network, weightBits, activationBits, rangeMethod, weights, ranges);
    }

    private Map<String, QuantizedWeight> quantizeWeights(Graph network) {
        Map<String, QuantizedWeight> weights = new LinkedHashMap<>();
        for (Node node : network.weighted()) {
            String name = node.parameters().getFirst();
            weights.put(name, quantize(finite(name, network.parameter(node, 0))));
        }
        return weights;
    }

    private QuantizedWeight quantize(HostTensor weight) {
        AffineQuantizer quantizer = weightGrid.of(weightBits, weight);
        return switch (roundingMethod) {
            case RoundingMethod.Nearest _, Reconstruction _ -> QuantizedWeight.nearest(quantizer, weight);
            case RoundingMethod.Squant _ -> QuantizedWeight.squant(quantizer, weight);
        };
    }

    private static HostTensor finite(String name, HostTensor weight) {
        for (float value : weight.values()) {
            if (!Float.isFinite(value)) {
                throw new EngineException(Kind.CORRUPT_FILE, "tensor " + name, value, "finite");
            }
        }
        return weight;
    }

    private void calibrate(Graph network, Map<String, RangeObserver> observers, List<HostTensor> batches, Steps steps) {
        Tap observing = new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                RangeObserver observer = observers.get(node.name());
                if (observer == null) {
                    return value;
                }
                observer.observe(value);
                Range range = observer.range().checked(QuantizedFile.rangeName(node.name()));
                return new ActivationQuantizer(activationBits, range).applyInPlace(value);
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
