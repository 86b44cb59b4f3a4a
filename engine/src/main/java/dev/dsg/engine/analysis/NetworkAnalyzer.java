package dev.dsg.engine.analysis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.analysis.NetworkAnalysis.Layer;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks into a quantized network. It looks at a sample of the calibration images, evenly drawn from all of them: the
 * analysis has to cost little beside the making of the images, each of which takes some hundred runs of the network. The
 * same arguments give the same numbers whatever the number of threads.
 *
 * @param network as it came, with BatchNorm
 * @param exact what was quantized in its place, in floats
 * @param quantized what became of that
 */
public record NetworkAnalyzer(Graph network, Graph exact, QuantizedNetwork quantized) {

    /** For comparisons that take three runs of the network. */
    private static final int IMAGES = 64;
    /** For those that take one run per layer. */
    private static final int IMAGES_PER_LAYER = 8;
    /** What is kept of one run in floats until the quantized network has run, in values. */
    private static final int KEPT = 1 << 23;

    /**
     * What was found.
     *
     * @param analysis the numbers
     * @param pixels the cosines between the images that were looked at
     * @param features those between what the network's last layer reads of them
     */
    public record Result(NetworkAnalysis analysis, Cosines pixels, Cosines features) {}

    /**
     * Analyzes.
     *
     * @param batches the calibration images, each {@code [batch, channels, height, width]}
     * @throws EngineException without images
     */
    public Result analyze(List<HostTensor> batches) {
        HostTensor images = Sample.of(IMAGES, batches);
        Node last = exact.weighted().getLast();
        Set<String> watched = new LinkedHashSet<>();
        exact.weighted().forEach(layer -> watched.add(layer.name()));
        watched.add(exact.output().name());
        Comparison comparison = new Comparison(quantized, watched);
        BatchNormDistances distances = new BatchNormDistances(network);
        List<float[]> features = new ArrayList<>();
        try (Interpreter original = new Interpreter(network);
                Interpreter floats = new Interpreter(exact);
                Interpreter integers = new Interpreter(quantized.graph())) {
            int each = chunk(images);
            for (int from = 0; from < images.size(0); from += each) {
                HostTensor some = Sample.rows(images, from, Math.min(images.size(0), from + each));
                run(original, some, distances);
                run(floats, some, reading(last, features, comparison.floats()));
                run(integers, some, comparison.integers());
            }
            Sensitivity sensitivity = new Sensitivity(floats, quantized, Sample.of(IMAGES_PER_LAYER, batches));
            return result(images, comparison, distances, sensitivity, joined(features));
        }
    }

    private Result result(
            HostTensor images,
            Comparison comparison,
            BatchNormDistances distances,
            Sensitivity sensitivity,
            float[] features) {
        Cosines pixels = Cosines.of(images.size(0), images.values());
        Cosines seen = Cosines.of(images.size(0), features);
        NetworkAnalysis analysis = new NetworkAnalysis(
                images.size(0),
                comparison.sqnr(exact.output().name()),
                exact.weighted().stream()
                        .map(layer -> layer(layer, comparison, sensitivity))
                        .toList(),
                quantized.activationWidths().keySet().stream()
                        .map(comparison::activation)
                        .toList(),
                distances.distances(),
                pixels.diversity(),
                seen.diversity());
        return new Result(analysis, pixels, seen);
    }

    private Layer layer(Node layer, Comparison comparison, Sensitivity sensitivity) {
        String weight = layer.parameters().getFirst();
        float[] values = exact.parameter(layer, 0).values();
        return new Layer(
                layer.name(),
                quantized.weights().get(weight).quantizer().bits().bits(),
                values.length,
                new Sqnr()
                        .add(values, quantized.graph().parameter(layer, 0).values())
                        .decibels(),
                comparison.sqnr(layer.name()),
                sensitivity.alone(layer));
    }

    /** As many images as leave no more to keep than {@link #KEPT} says, at least one. */
    private int chunk(HostTensor images) {
        Shape input = Shape.of(images.size(1), images.size(2), images.size(3));
        long each = ShapeInference.infer(exact, input).values().stream()
                .mapToLong(Shape::count)
                .sum();
        return Math.toIntExact(Math.max(1, KEPT / each));
    }

    private static Tap reading(Node last, List<float[]> features, Tap then) {
        return new Tap() {
            @Override
            public Tensor before(Node node, Tensor value) {
                if (node.equals(last)) {
                    features.add(value.toFloats());
                }
                return value;
            }

            @Override
            public Tensor after(Node node, Tensor value) {
                return then.after(node, value);
            }
        };
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static void run(Interpreter interpreter, HostTensor images, Tap tap) {
        try (Scope _ = Scope.open()) {
            interpreter.run(Tensor.of(images.values(), images.shape()).channelsLast(), tap);
        }
    }
}
