package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class IntegerPolicyTest {

    private static final QuantizationPolicy POLICY = Target.ONNXRUNTIME.policy();

    /** Each quantized value as {@code name bits}, or {@code name bits of other} if it has the range of another. */
    private static Map<String, String> edges(Graph graph) {
        Map<String, String> edges = new LinkedHashMap<>();
        POLICY.edges(graph, ActivationBits.all(new BitWidth(4)))
                .forEach((name, edge) -> edges.put(name, describe(name, edge)));
        return edges;
    }

    private static String describe(String name, Edge edge) {
        String bits = String.valueOf(edge.bits().bits());
        return edge.observed().equals(name) ? bits : bits + " of " + edge.observed();
    }

    private static Graph graph(Consumer<GraphBuilder> nodes) {
        GraphBuilder builder = new GraphBuilder((_, shape) ->
                new HostTensor(shape, new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)]));
        builder.input("x");
        nodes.accept(builder);
        return builder.build();
    }

    @Test
    void shouldQuantizeWhatLayersSumsAndMeansRead() {
        Graph network = new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));

        Graph prepared = POLICY.prepare(network);

        assertThat(prepared.nodes(Op.BatchNorm.class)).isEmpty();
        assertThat(edges(prepared))
                .containsExactly(
                        Map.entry("input", "8"),
                        Map.entry("relu1", "4"),
                        Map.entry("layer1.0.relu1", "4"),
                        Map.entry("layer1.0.bn2", "8"),
                        Map.entry("layer1.0.relu2", "4"),
                        Map.entry("layer2.0.relu1", "4"),
                        Map.entry("layer2.0.bn2", "8"),
                        Map.entry("layer2.0.downsample.1", "8"),
                        Map.entry("layer2.0.relu2", "4"),
                        Map.entry("layer3.0.relu1", "4"),
                        Map.entry("layer3.0.bn2", "8"),
                        Map.entry("layer3.0.downsample.1", "8"),
                        Map.entry("layer3.0.relu2", "8"),
                        Map.entry("pool", "4"),
                        Map.entry("flatten", "4 of pool"));
    }

    @Test
    void shouldKeepMovedValuesOnTheGridTheyCameFrom() {
        Graph graph = graph(g -> {
            g.conv("c1", "x", 3, 4, 1, 1, 0);
            g.add("relu", new Op.Relu(), "c1");
            g.add("pool", new Op.MaxPool(Window.square(2, 2, 0)), "relu");
            g.add("pad", new Op.Pad(Padding.of(1), 0), "pool");
            g.conv("c2", "pad", 4, 4, 1, 1, 0);
        });

        assertThat(edges(graph))
                .containsEntry("relu", "4")
                .containsEntry("pool", "4 of relu")
                .containsEntry("pad", "4 of relu")
                .doesNotContainKey("c2");
    }

    @Test
    void shouldNotTakeAPaddingThatIsNotZeroForMovedValues() {
        Graph graph = graph(g -> {
            g.add("pad", new Op.Pad(Padding.of(1), 9), "x");
            g.conv("c", "pad", 3, 4, 1, 1, 0);
        });

        assertThat(edges(graph)).containsExactly(Map.entry("pad", "4"));
    }

    @Test
    void shouldBringWhatIsJoinedOntoOneGridUnlessItHasReadersOfItsOwn() {
        Graph graph = graph(g -> {
            g.conv("a", "x", 3, 4, 1, 1, 0);
            g.conv("b", "x", 3, 4, 1, 1, 0);
            g.add("pooled", new Op.MaxPool(Window.square(1, 1, 0)), "b");
            g.conv("c", "x", 3, 4, 1, 1, 0);
            g.add("sum", new Op.Add(), "c", "c");
            g.add("joined", new Op.Concat(1), "a", "pooled", "c");
            g.add("shuffled", new Op.ChannelShuffle(3), "joined");
            g.conv("d", "shuffled", 12, 4, 1, 1, 0);
            g.add("e", new Op.Add(), "d", "sum");
        });

        assertThat(edges(graph))
                .containsEntry("joined", "4")
                .containsEntry("shuffled", "4 of joined")
                .containsEntry("a", "4 of joined")
                .containsEntry("b", "4 of joined")
                .containsEntry("pooled", "4 of joined")
                .containsEntry("c", "4")
                .containsEntry("sum", "8");
    }

    @Test
    void shouldHaveZeroOnEveryGrid() {
        assertThat(POLICY.covering(new Range(1, 3))).isEqualTo(new Range(0, 3));
        assertThat(POLICY.covering(new Range(-2, -1))).isEqualTo(new Range(-2, 0));
    }

    @Test
    void shouldGiveASilentChannelAStepThatABiasFits() {
        HostTensor weight = new HostTensor(new long[] {2, 2}, new float[] {1.27f, -1, 0, 0});
        AffineQuantizer quantizer = WeightGrid.SYMMETRIC.of(new BitWidth(8), weight);
        ActivationQuantizer input = new ActivationQuantizer(new BitWidth(8), new Range(0, 2.55f));
        HostTensor bias = new HostTensor(new long[] {2}, new float[] {0.12345f, -3});

        QuantizedBias quantized = QuantizedBias.of(bias, input, quantizer).orElseThrow();

        assertThat(quantized.integers()[0]).isEqualTo(1235);
        assertThat(quantized.dequantize().values()[0]).isCloseTo(0.1235f, within(1e-6f));
        assertThat(quantized.dequantize().values()[1]).isCloseTo(-3, within(1e-4f));
    }

    @Test
    void shouldLeaveABiasAloneThatFitsNoAccumulatorOrHasNoGrid() {
        AffineQuantizer weight =
                WeightGrid.SYMMETRIC.of(new BitWidth(8), new HostTensor(new long[] {1, 1}, new float[] {1e-6f}));
        HostTensor bias = new HostTensor(new long[] {1}, new float[] {1e6f});
        ActivationQuantizer narrow = new ActivationQuantizer(new BitWidth(8), new Range(0, 1e-6f));
        ActivationQuantizer silent = new ActivationQuantizer(new BitWidth(8), Range.ZERO);

        assertThat(QuantizedBias.of(bias, narrow, weight)).isEmpty();
        assertThat(QuantizedBias.of(bias, silent, weight)).isEmpty();
    }
}
