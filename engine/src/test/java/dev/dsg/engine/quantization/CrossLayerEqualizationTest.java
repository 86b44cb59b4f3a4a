package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossLayerEqualizationTest {

    private static final HostTensor IMAGES = HostTensors.random(5, 6, 3, 8, 8);

    /** A chain with everything that scaling passes, a clip that it does not, and channels of very different sizes. */
    private static Graph chain(int seed) {
        return chain(seed, 1.5);
    }

    /** @param spread deviation of the logarithm of a channel's size */
    private static Graph chain(int seed, double spread) {
        Random random = new Random(seed);
        GraphBuilder g = new GraphBuilder((_, shape) -> uneven(random, spread, shape));
        Op.Conv depthwise = new Op.Conv(2, 1, 8);
        g.conv("c1", g.input("x"), 3, 8, Size.square(3), new Op.Conv(1, 1, 1), true);
        g.add("r1", new Op.Relu(), "c1");
        g.conv("dw", g.add("max", new Op.MaxPool(Window.square(2, 1, 0)), "r1"), 8, 8, Size.square(3), depthwise, true);
        g.add("r2", new Op.LeakyRelu(0.1), "dw");
        g.conv("grouped", "r2", 8, 12, Size.ONE, new Op.Conv(1, 0, 2), true);
        g.conv("c2", g.add("six", new Op.Clip(0, 6), "grouped"), 12, 6, Size.ONE, new Op.Conv(1, 0, 1), true);
        g.add("pooled", new Op.GlobalAveragePool(), g.add("r3", new Op.Relu(), "c2"));
        g.gemm("linear", g.add("flat", new Op.Flatten(), "pooled"), 6, 5);
        return g.build();
    }

    private static HostTensor uneven(Random random, double spread, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        int each = values.length / (int) shape[0];
        double size = 1;
        for (int i = 0; i < values.length; i++) {
            size = i % each == 0 ? Math.exp(spread * random.nextGaussian()) / Math.sqrt(each) : size;
            values[i] = (float) (size * random.nextGaussian());
        }
        return new HostTensor(shape, values);
    }

    private static float[] logits(Graph graph, Tap tap) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(IMAGES.values(), IMAGES.shape()), tap)
                    .toFloats();
        }
    }

    private static double largest(float[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i]))
                .max()
                .orElseThrow();
    }

    private static void assertSameFunction(Graph graph, Graph equalized) {
        float[] expected = logits(graph, Tap.NONE);
        assertThat(logits(equalized, Tap.NONE)).containsExactly(expected, within((float) (1e-5 * largest(expected))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void shouldLeaveTheFunctionAsItIs(int seed) {
        Graph graph = chain(seed);

        Graph equalized = CrossLayerEqualization.equalize(graph);

        assertThat(equalized.initializers()).isNotEqualTo(graph.initializers());
        assertSameFunction(graph, equalized);
    }

    @Test
    void shouldLeaveTheFunctionOfANetworkWithBatchNormAsItIs() {
        Graph graph = new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));

        Graph equalized = CrossLayerEqualization.equalize(graph);

        assertSameFunction(graph, equalized);
        Graph folded = CrossLayerEqualization.equalize(new BatchNormFolding(0).fold(graph));
        float[] expected = folded.initializers().get("layer2.0.conv2.weight").values();
        float[] gain = BatchNormFolding.gain(equalized, equalized.node("layer2.0.bn2"));
        float[] weight = equalized.initializers().get("layer2.0.conv2.weight").values();
        for (int i = 0; i < weight.length; i++) {
            assertThat(gain[i / (weight.length / gain.length)] * weight[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void shouldMakeWeightsThatMeetInAChannelEquallyLarge() {
        Graph equalized = CrossLayerEqualization.equalize(chain(1));

        float[] c1 = equalized.initializers().get("c1.weight").values();
        float[] dw = equalized.initializers().get("dw.weight").values();
        float[] grouped = equalized.initializers().get("grouped.weight").values();
        for (int c = 0; c < 8; c++) {
            double made = largest(Arrays.copyOfRange(c1, 27 * c, 27 * c + 27));
            double inside = largest(Arrays.copyOfRange(dw, 9 * c, 9 * c + 9));
            // Channel c is the (c % 4)-th input of the six outputs of group c / 4.
            int at = c;
            double read = IntStream.range(0, 6)
                    .mapToDouble(row -> Math.abs(grouped[(at / 4 * 6 + row) * 4 + at % 4]))
                    .max()
                    .orElseThrow();
            assertThat(inside).isCloseTo(made, within(0.01 * made));
            assertThat(inside).isCloseTo(read, within(0.01 * read));
        }
    }

    @Test
    void shouldLeavePairsWithAClipBetweenThemAlone() {
        Graph graph = chain(1);

        Graph equalized = CrossLayerEqualization.equalize(graph);

        assertThat(equalized.initializers().get("grouped.bias"))
                .isEqualTo(graph.initializers().get("grouped.bias"));
        assertThat(equalized.initializers().get("c2.weight"))
                .isNotEqualTo(graph.initializers().get("c2.weight"));
    }

    @Test
    void shouldKeepChannelsThatNothingMakesOrReads() {
        Graph graph = chain(1);
        HostTensor weight = graph.initializers().get("c1.weight");
        float[] values = weight.values().clone();
        Arrays.fill(values, 0, 27, 0);
        Graph silent = graph.with(Map.of("c1.weight", new HostTensor(weight.shape(), values)));

        assertSameFunction(silent, CrossLayerEqualization.equalize(silent));
    }

    /** The same function as that of an even chain, with a channel's size in one layer and its reciprocal in the next. */
    private static Graph unbalanced(int seed) {
        Graph even = chain(seed, 0);
        float[] c1 = even.initializers().get("c1.weight").values().clone();
        float[] bias = even.initializers().get("c1.bias").values().clone();
        float[] dw = even.initializers().get("dw.weight").values().clone();
        for (int c = 0; c < 8; c++) {
            float size = (float) Math.exp(c - 4);
            for (int i = 27 * c; i < 27 * c + 27; i++) {
                c1[i] *= size;
            }
            bias[c] *= size;
            for (int i = 9 * c; i < 9 * c + 9; i++) {
                dw[i] /= size;
            }
        }
        return even.with(Map.of(
                "c1.weight", new HostTensor(new long[] {8, 3, 3, 3}, c1),
                "c1.bias", new HostTensor(new long[] {8}, bias),
                "dw.weight", new HostTensor(new long[] {8, 1, 3, 3}, dw)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldHelpAGridThatAllChannelsShare(Target target) {
        WeightGrid shared =
                new WeightGrid(WeightGrid.Granularity.TENSOR, WeightGrid.Symmetry.SYMMETRIC, WeightGrid.Extent.WHOLE);
        QuantizationSettings settings = QuantizationSettings.of(target, 5, 8).withWeightGrid(shared);

        double before = error(settings);
        double after = error(settings.withEqualization(true));

        assertThat(after).isLessThan(0.2 * before);
    }

    private static double error(QuantizationSettings settings) {
        double error = 0;
        for (int seed = 1; seed <= 4; seed++) {
            QuantizedNetwork quantized = new PostTrainingQuantizer(settings)
                    .quantize(unbalanced(seed), List.of(IMAGES), ProgressListener.NONE);
            float[] expected = logits(unbalanced(seed), Tap.NONE);
            float[] actual = logits(quantized.graph(), quantized.tap());
            double scale = largest(expected);
            for (int i = 0; i < expected.length; i++) {
                error += Math.pow((actual[i] - expected[i]) / scale, 2);
            }
        }
        return error;
    }
}
