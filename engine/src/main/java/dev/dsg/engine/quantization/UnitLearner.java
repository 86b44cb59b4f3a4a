package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Learns the rounding of a unit's weights, the ranges of its activations, or both. */
final class UnitLearner implements AutoCloseable {

    /** The share of iterations before rounding variables are driven to decide. */
    private static final double WARM_UP = 0.2;

    private static final double FIRST_BETA = 20;
    private static final double LAST_BETA = 2;

    private final Reconstruction settings;
    private final RandomGenerator random;
    private final Dropping dropping;
    private final Interpreter unit;
    private final Map<String, SoftWeight> weights = new LinkedHashMap<>();
    /** By the node whose value is quantized. */
    private final Map<String, SoftRange> ranges = new LinkedHashMap<>();
    /** Those that are learned, by the node at whose value the range is found. */
    private final Map<String, SoftRange> learnedRanges = new LinkedHashMap<>();

    /**
     * @param unit in float32
     * @param soFar the network as quantized so far; the unit's weights are rounded to its grids, and the activations are
     *     quantized that have a range there
     * @param learnWeights whether to learn rounding, or to leave the weights as they are
     * @param dropping decides which values are quantized
     */
    UnitLearner(
            Reconstruction settings,
            ReconstructionUnit unit,
            QuantizedNetwork soFar,
            boolean learnWeights,
            Dropping dropping,
            RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        this.dropping = dropping;
        Graph graph = unit.graph();
        quantizeActivations(unit, soFar);
        Map<String, HostTensor> rounded = new LinkedHashMap<>();
        for (Node node : graph.weighted()) {
            String name = node.parameters().getFirst();
            QuantizedWeight weight = soFar.weights().get(name);
            if (learnWeights) {
                weights.put(name, new SoftWeight(weight.quantizer(), graph.parameter(node, 0)));
            } else {
                rounded.put(name, weight.dequantize());
            }
        }
        this.unit = new Interpreter(graph.with(rounded));
    }

    /**
     * What the unit reads was quantized when it was made, and so was what a node merely moved. Values that share a range
     * learn it together; a range that is found behind the unit stays as it is.
     */
    private void quantizeActivations(ReconstructionUnit unit, QuantizedNetwork soFar) {
        Map<String, Edge> edges = soFar.roundedEdges();
        List<String> inside = unit.graph().nodes().stream().map(Node::name).toList();
        for (String node : inside.subList(1, inside.size())) {
            Edge edge = edges.get(node);
            if (edge == null) {
                continue;
            }
            SoftRange shared = learnedRanges.get(edge.observed());
            if (shared == null) {
                shared = new SoftRange(edge.bits(), soFar.ranges().get(node));
            }
            ranges.put(node, shared);
            if (inside.contains(edge.observed())) {
                learnedRanges.put(edge.observed(), shared);
            }
        }
    }

    /** Whether there is anything to learn. */
    boolean hasVariables() {
        return !weights.isEmpty() || !learnedRanges.isEmpty();
    }

    /** Runs all iterations, and {@code step} after each. */
    void learn(UnitValues values, int iterations, Runnable step) {
        for (int i = 0; i < iterations; i++) {
            descend(values, (double) i / iterations);
            double rangeRate = settings.rangeLearningRate() * (1 + Math.cos(Math.PI * i / iterations)) / 2;
            weights.values().forEach(weight -> weight.step(settings.learningRate()));
            if (rangeRate > 0) {
                learnedRanges.values().forEach(range -> range.step(rangeRate));
            }
            step.run();
        }
    }

    private void descend(UnitValues values, double progress) {
        try (Scope _ = Scope.open()) {
            UnitValues.Batch batch = values.draw(settings.batchSize(), random);
            try (GradientScope gradients = GradientScope.open()) {
                Tensor loss = loss(batch, progress);
                gradients.backward(loss);
                requireFinite(loss.item());
            }
        }
    }

    private Tensor loss(UnitValues.Batch batch, double progress) {
        Map<String, Tensor> soft = new HashMap<>();
        weights.forEach((name, weight) -> soft.put(name, weight.value()));
        Tensor input = dropping.mix(batch.exact(), batch.met());
        Tensor made = unit.with(soft).run(input, quantizing());
        Tensor error = made.sub(batch.target()).square().sum();
        Tensor loss = error.mul((double) made.size(1) / made.count());
        if (progress < WARM_UP) {
            return loss;
        }
        double beta = FIRST_BETA + (LAST_BETA - FIRST_BETA) * (progress - WARM_UP) / (1 - WARM_UP);
        for (SoftWeight weight : weights.values()) {
            loss = loss.add(weight.indecision(beta).mul(settings.regularization()));
        }
        return loss;
    }

    private Tap quantizing() {
        return new Tap() {
            @Override
            public Tensor after(Node node, Tensor value) {
                SoftRange range = ranges.get(node.name());
                return range == null ? value : dropping.mix(value, range.quantize(value));
            }
        };
    }

    private void requireFinite(double loss) {
        if (!Double.isFinite(loss)) {
            throw new EngineException(
                    Kind.INVALID_SETTING,
                    "learningRate",
                    "too high: the loss of " + unit.graph().output().name() + " is " + loss,
                    "a rate at which the loss stays finite");
        }
    }

    /** How undecided rounding variables are on average: from 1, if all are halfway, to 0, if all have decided. */
    double indecision() {
        try (Scope _ = Scope.open()) {
            double sum = 0;
            long count = 0;
            for (SoftWeight weight : weights.values()) {
                sum += weight.indecision(2).item();
                count += weight.count();
            }
            return sum / count;
        }
    }

    /** The weights as they were learned, by name. */
    Map<String, QuantizedWeight> weights() {
        Map<String, QuantizedWeight> learned = new LinkedHashMap<>();
        weights.forEach((name, weight) -> learned.put(name, weight.decided()));
        return learned;
    }

    /** The ranges as they were learned, by the node at whose value they are found. */
    Map<String, Range> ranges() {
        Map<String, Range> learned = new LinkedHashMap<>();
        learnedRanges.forEach((node, range) -> learned.put(node, range.range()));
        return learned;
    }

    @Override
    public void close() {
        unit.close();
        weights.values().forEach(SoftWeight::close);
        ranges.values().forEach(SoftRange::close);
    }
}
