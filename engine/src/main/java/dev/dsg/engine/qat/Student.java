package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.qat.StudentSettings.Ranges;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.QuantizedWeight;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.quantization.WeightGrid;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A quantized network that learns to answer as the network it came from. With the teacher's logits t, the student's s,
 * labels y, temperature T and K classes, a step on B images lowers
 *
 * <pre>L = alpha T^2 / B sum_b sum_k p_k log(p_k / q_k) + beta / B sum_b CE(s_b, y_b),   p = softmax(t / T), q = softmax(s / T)</pre>
 *
 * (Hinton et al., 2015; the literature of data-free quantization publishes its weights for the mean over B K elements,
 * {@link StudentSettings.DivergenceMean#ELEMENTS}). It computes with quantized weights and activations in both directions; gradients pass the
 * rounding straight through to float weights, which are what is trained (Bengio et al., 2013). BatchNorm normalises by its
 * running statistics, which stay, and its scale and shift are trained.
 *
 * <p>The same start, settings and images give the same bytes: see {@link Halves}. For use by one thread.
 */
public final class Student implements AutoCloseable {

    private static final String KIND = "student";

    /** How fast step sizes learn, by Adam, relative to themselves, while the learning rate is at its start. */
    private static final double FACTOR_RATE = 1e-3;

    private final StudentSettings settings;
    private final Graph exact;
    private final QuantizedNetwork start;
    private final Interpreter network;
    private final Halves halves;
    /** What is trained, by the name of the parameter. */
    private final Map<String, Trained> parameters = new LinkedHashMap<>();

    private final Map<String, StudentWeight> weights = new LinkedHashMap<>();
    /** By the node at whose value the range is found. */
    private final Map<String, StudentRange> ranges = new LinkedHashMap<>();

    private int position;

    /** @param velocity what momentum remembers */
    private record Trained(Tensor value, Tensor velocity) {}

    /**
     * @param exact the network in floats that was quantized: {@link
     *     dev.dsg.engine.quantization.PostTrainingQuantizer#exact}; it becomes the teacher
     * @param start what post-training quantization made of it
     * @param grid of the weights, if its steps are recomputed
     */
    public Student(Graph exact, QuantizedNetwork start, WeightGrid grid, StudentSettings settings) {
        this.settings = settings;
        this.exact = exact;
        this.start = start;
        Map<String, HostTensor> latent = new LinkedHashMap<>();
        start.weights().forEach((name, weight) -> {
            latent.put(name, StudentWeight.latent(weight, exact.initializers().get(name)));
            weights.put(name, new StudentWeight(grid, weight, settings.weightSteps()));
        });
        Graph student = start.graph().logits();
        this.network = new Interpreter(student.with(latent));
        student.trainable().forEach(this::train);
        Map<String, Edge> edges = start.roundedEdges();
        edges.forEach((node, edge) -> ranges.computeIfAbsent(
                edge.observed(),
                _ -> new StudentRange(edge.bits(), start.ranges().get(node), settings.ranges())));
        Interpreter teacher =
                new Interpreter(new BatchNormFolding(0).fold(exact).logits());
        this.halves = new Halves(settings, teacher, network, ranges, edges);
    }

    private void train(String name) {
        try (Scope scope = Scope.open()) {
            Tensor value = network.parameter(name).requireGradient();
            parameters.put(name, new Trained(value, scope.keep(value.detach().zerosLike())));
        }
    }

    /** The number of steps made so far. */
    public int position() {
        return position;
    }

    /**
     * Makes one step.
     *
     * @param images {@code [batch, channels, height, width]}
     * @param labels a class for each image, or none where the teacher's own answers are the labels
     */
    public StepReport step(HostTensor images, int... labels) {
        try (Scope _ = Scope.open();
                SingleThread _ = SingleThread.open();
                GradientScope gradients = GradientScope.open()) {
            Map<String, Tensor> made = new LinkedHashMap<>();
            parameters.forEach((name, trained) -> made.put(name, computedWith(name, trained.value())));
            Halves.Sum sum = halves.run(images, labels, made);
            made.forEach(
                    (name, value) -> gradients.backward(value, sum.gradients().get(name)));
            sum.rangeGradients()
                    .forEach((node, gradient) -> gradients.backward(
                            ranges.get(node).factor().orElseThrow().value(), gradient));
            if (settings.ranges() == Ranges.EMA && position < settings.rangeSteps()) {
                sum.extremes().forEach((node, extremes) -> ranges.get(node)
                        .observe(start.target().policy().covering(extremes)));
            }
            descend();
            position++;
            return sum.report();
        }
    }

    private Tensor computedWith(String name, Tensor latent) {
        StudentWeight weight = weights.get(name);
        return weight == null ? latent : weight.quantized(latent);
    }

    private void descend() {
        double rate = settings.schedule().at(position);
        if (settings.gradientNorm() > 0) {
            shorten(settings.gradientNorm());
        }
        parameters.values().forEach(trained -> trained.value()
                .momentumStep(
                        trained.velocity(), rate, settings.momentum(), settings.weightDecay(), settings.nesterov()));
        double factorRate = FACTOR_RATE * rate / settings.schedule().at(0);
        factors().values().forEach(leaf -> leaf.step(factorRate));
    }

    /** Scales the gradients of all parameters so that they are together no longer than {@code norm} (Pascanu et al., 2013). */
    private void shorten(double norm) {
        try (Scope _ = Scope.open();
                GradientScope _ = GradientScope.pause()) {
            List<Tensor> gradients = parameters.values().stream()
                    .map(trained -> trained.value().gradient())
                    .toList();
            double squares = gradients.stream()
                    .mapToDouble(gradient -> gradient.square().sum().item())
                    .sum();
            double length = Math.sqrt(squares);
            if (length > norm) {
                gradients.forEach(gradient -> gradient.mulInPlace(norm / length));
            }
        }
    }

    /** All step sizes that are trained, by the name of the weight or the node. */
    private Map<String, AdamLeaf> factors() {
        Map<String, AdamLeaf> factors = new LinkedHashMap<>();
        weights.forEach((name, weight) -> weight.factors().ifPresent(leaf -> factors.put("weight." + name, leaf)));
        ranges.forEach((name, range) -> range.factor().ifPresent(leaf -> factors.put("range." + name, leaf)));
        return factors;
    }

    /** All that the next steps depend on, as a safetensors file. Equal students give equal bytes. */
    public byte[] checkpoint() {
        StateWriter state = new StateWriter(KIND, position);
        parameters.forEach((name, trained) -> {
            state.put("parameter." + name, trained.value());
            state.put("velocity." + name, trained.velocity());
        });
        ranges.forEach((node, range) -> state.put("range." + node, range.state()));
        factors().forEach((name, leaf) -> state.put("factor." + name, leaf));
        return state.toBytes();
    }

    /**
     * Goes on where the student was that wrote {@code checkpoint}, with the same start and settings.
     *
     * @throws EngineException of kind {@link EngineException.Kind#CORRUPT_FILE} if it was another kind of student; nothing has
     *     changed then
     */
    public void restore(byte[] checkpoint) {
        StateReader state = new StateReader(KIND, checkpoint);
        parameters.forEach((name, trained) -> {
            state.get("parameter." + name, trained.value());
            state.get("velocity." + name, trained.velocity());
        });
        ranges.forEach((node, range) -> state.get("range." + node, StudentRange.STATE, range::restore));
        factors().forEach((name, leaf) -> state.get("factor." + name, leaf));
        position = state.apply();
    }

    /** The quantized network as it stands. */
    public QuantizedNetwork result() {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        Map<String, QuantizedWeight> decided = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            parameters.forEach((name, trained) -> {
                Tensor latent = trained.value().detach();
                values.put(name, new HostTensor(latent.shape(), latent.toFloats()));
                if (weights.containsKey(name)) {
                    decided.put(name, weights.get(name).decided(latent));
                }
            });
        }
        Map<String, Range> moved = new LinkedHashMap<>(start.ranges());
        start.edges().forEach((node, edge) -> {
            if (ranges.containsKey(edge.observed()) && moved.containsKey(node)) {
                moved.put(node, ranges.get(edge.observed()).range());
            }
        });
        return new QuantizedNetwork(
                exact.with(values),
                start.target(),
                start.weightBits(),
                start.activationBits(),
                start.rangeMethod(),
                decided,
                moved);
    }

    @Override
    public void close() {
        halves.close();
        network.close();
        parameters.values().forEach(trained -> trained.velocity().close());
        weights.values().forEach(StudentWeight::close);
        ranges.values().forEach(StudentRange::close);
    }
}
