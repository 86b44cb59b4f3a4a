package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BiasCorrectionTest {

    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final HostTensor IMAGES = HostTensors.random(1, 9, 3, 8, 8);

    private static QuantizedNetwork quantize(QuantizationSettings settings, HostTensor... batches) {
        return new PostTrainingQuantizer(settings).quantize(NETWORK, List.of(batches), ProgressListener.NONE);
    }

    /** By the name of the node, the mean of each channel of what it makes. */
    private static Map<String, double[]> slowMeans(Graph graph) {
        Map<String, double[]> means = new HashMap<>();
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            interpreter.run(Tensor.of(IMAGES.values(), IMAGES.shape()), new Tap() {
                @Override
                public Tensor after(Node node, Tensor value) {
                    int channels = (int) value.size(1);
                    float[] values = value.toFloats();
                    int each = values.length / channels / 9;
                    double[] mean = new double[channels];
                    for (int i = 0; i < values.length; i++) {
                        mean[i / each % channels] += values[i] / (9.0 * each);
                    }
                    means.put(node.name(), mean);
                    return value;
                }
            });
        }
        return means;
    }

    private static double largestError(String node, Map<String, double[]> expected, Map<String, double[]> actual) {
        double largest = 0;
        for (int c = 0; c < expected.get(node).length; c++) {
            largest = Math.max(largest, Math.abs(actual.get(node)[c] - expected.get(node)[c]));
        }
        return largest;
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveNoErrorOnAverageInAnyLayer(Target target) {
        QuantizationSettings settings = QuantizationSettings.of(target, 3, 8);
        Map<String, double[]> expected = slowMeans(NETWORK);

        QuantizedNetwork before = quantize(settings, IMAGES);
        QuantizedNetwork after = quantize(settings.withBiasCorrection(true), IMAGES);

        Map<String, double[]> uncorrected = slowMeans(before.graph());
        Map<String, double[]> corrected = slowMeans(after.graph());
        for (String node : List.of("bn1", "layer1.0.bn1", "layer2.0.bn2", "layer2.0.downsample.1", "linear")) {
            // Biases that are integers are off by half a step.
            double left = target == Target.REFERENCE ? 1e-5 : 5e-3;
            assertThat(largestError(node, expected, corrected)).as(node).isLessThan(left);
        }
        assertThat(largestError("linear", expected, uncorrected)).isGreaterThan(2e-2);
        assertThat(after.weights()).isEqualTo(before.weights());
        assertThat(after.ranges()).isEqualTo(before.ranges());
    }

    @Test
    void shouldNotMindTheCutIntoBatches() {
        QuantizedNetwork quantized = quantize(QuantizationSettings.of(3, 4), IMAGES);
        int each = IMAGES.values().length / 9;
        HostTensor head = part(0, 4 * each, 4);
        HostTensor tail = part(4 * each, 9 * each, 5);

        Graph whole =
                new BiasCorrection(NETWORK, List.of(IMAGES)).correct(quantized).graph();
        Graph cut = new BiasCorrection(NETWORK, List.of(head, tail))
                .correct(quantized)
                .graph();

        whole.initializers().forEach((name, values) -> assertThat(
                        cut.initializers().get(name).values())
                .as(name)
                .containsExactly(values.values(), within(1e-5f)));
    }

    private static HostTensor part(int from, int to, int images) {
        return new HostTensor(new long[] {images, 3, 8, 8}, Arrays.copyOfRange(IMAGES.values(), from, to));
    }
}
