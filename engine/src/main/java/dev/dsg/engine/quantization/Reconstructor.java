package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.quantization.Reconstruction.Activations;
import dev.dsg.engine.tensor.SingleThread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Carries out a {@link Reconstruction}: unit by unit in the order of the network, so that each learns from what the units
 * before it, as they are by now, make of the images.
 */
final class Reconstructor {

    /** Ranges alone are learned in this part of the iterations of weights, as BRECQ does. */
    private static final int RANGE_PART = 4;

    private final Reconstruction settings;
    private final Graph network;
    private final List<ReconstructionUnit> units;
    private final CalibrationImages images;
    private final RandomGenerator random;

    /**
     * @param network in float32
     * @param activations the nodes behind which values are quantized
     */
    Reconstructor(Reconstruction settings, Graph network, Set<String> activations, CalibrationImages images) {
        this.settings = settings;
        this.network = network;
        this.units = switch (settings.unit()) {
            case LAYER -> ReconstructionUnit.layers(network, activations);
            case BLOCK -> ReconstructionUnit.blocks(network, activations);
        };
        this.images = images;
        this.random = new SplittableRandom(settings.seed());
    }

    /** Whether ranges are learned once all weights are. */
    boolean learnsRangesAfterwards() {
        return settings.activations() == Activations.EXACT && settings.rangeLearningRate() > 0;
    }

    /** How many steps there will be in all. */
    int steps() {
        return units.size() * (settings.iterations() + (learnsRangesAfterwards() ? rangeIterations() : 0));
    }

    private int rangeIterations() {
        return Math.ceilDiv(settings.iterations(), RANGE_PART);
    }

    /**
     * Learns the rounding of all weights, and with it all ranges that {@code start} has.
     *
     * @param start says to which grids weights are rounded; where it has no range, activations stay exact
     */
    QuantizedNetwork learnWeights(QuantizedNetwork start, Steps steps) {
        double drop = settings.activations() == Activations.DROPPED ? settings.dropProbability() : 0;
        return learn(start, true, new Dropping(drop, random), settings.iterations(), steps);
    }

    /** Learns all ranges of {@code start} under its weights. */
    QuantizedNetwork learnRanges(QuantizedNetwork start, Steps steps) {
        return learn(start, false, new Dropping(0, random), rangeIterations(), steps);
    }

    private QuantizedNetwork learn(
            QuantizedNetwork start, boolean learnWeights, Dropping dropping, int iterations, Steps steps) {
        QuantizedNetwork soFar = start;
        try (SingleThread _ = SingleThread.open()) {
            for (ReconstructionUnit unit : units) {
                try (UnitLearner learner = new UnitLearner(settings, unit, soFar, learnWeights, dropping, random)) {
                    if (learner.hasVariables()) {
                        learn(learner, unit, soFar, iterations, steps);
                        soFar = with(soFar, learner.weights(), learner.ranges());
                    } else {
                        steps.skip(iterations);
                    }
                }
            }
        }
        return soFar;
    }

    private void learn(
            UnitLearner learner, ReconstructionUnit unit, QuantizedNetwork soFar, int iterations, Steps steps) {
        try (UnitValues values = new UnitValues(unit, network, soFar, images, settings.memoryBytes())) {
            learner.learn(values, iterations, steps::step);
        }
    }

    private static QuantizedNetwork with(
            QuantizedNetwork network, Map<String, QuantizedWeight> weights, Map<String, Range> ranges) {
        Map<String, QuantizedWeight> allWeights = new LinkedHashMap<>(network.weights());
        allWeights.putAll(weights);
        Map<String, Range> allRanges = new LinkedHashMap<>(network.ranges());
        network.edges().forEach((node, edge) -> {
            if (ranges.containsKey(edge.observed())) {
                allRanges.put(node, ranges.get(edge.observed()));
            }
        });
        return new QuantizedNetwork(
                network.graph(),
                network.target(),
                network.weightBits(),
                network.activationBits(),
                network.rangeMethod(),
                allWeights,
                allRanges);
    }
}
