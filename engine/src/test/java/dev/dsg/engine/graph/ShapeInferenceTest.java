package dev.dsg.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeInferenceTest {

    @Test
    void shouldFollowAWholeNetwork() {
        Graph graph = new CifarResNet(20, Shortcut.A, 10).build(CifarResNet.randomInitialisation(new Random(1)));

        Map<String, Shape> shapes = ShapeInference.infer(graph, Shape.of(3, 32, 32));

        assertThat(shapes.get("conv1")).isEqualTo(Shape.of(16, 32, 32));
        assertThat(shapes.get("layer2.0.pad")).isEqualTo(Shape.of(32, 16, 16));
        assertThat(shapes.get("layer3.2.relu2")).isEqualTo(Shape.of(64, 8, 8));
        assertThat(shapes.get("flatten")).isEqualTo(Shape.of(64));
        assertThat(shapes.get("linear")).hasToString("[batch, 10]");
    }

    static Stream<Arguments> impossible() {
        Op.Conv groups = new Op.Conv(1, 0, 2);
        return Stream.of(
                refused("conv", (g, x) -> g.conv("conv", x, 4, 8, 3, 1, 0), "[batch, 3, 8, 8]", "4 channels"),
                refused("conv", (g, x) -> g.conv("conv", x, 4, 8, Size.ONE, groups, false), "[batch, 3, 8, 8]", "4 ch"),
                refused("conv", (g, x) -> g.conv("conv", x, 3, 8, 9, 1, 0), "[batch, 3, 8, 8]", "window of 9x9"),
                refused("bn", (g, x) -> g.batchNorm("bn", x, 4), "bn.weight [4]", "length 3"),
                refused("fc", (g, x) -> g.gemm("fc", x, 192, 10), "[batch, 3, 8, 8]", "[batch, 192]"),
                refused("pool", (g, x) -> g.add("pool", new Op.MaxPool(Window.square(9, 1, 0)), x), "8, 8]", "room"),
                refused("slice", (g, x) -> g.add("slice", new Op.Slice(1, 1, 4, 1), x), "up to 4", "at most 3"),
                refused("slice", (g, x) -> g.add("slice", new Op.Slice(4, 0, 1, 1), x), "axis 4", "1..3"),
                refused("swap", (g, x) -> g.add("swap", new Op.Transpose(List.of(0, 1, 1, 3)), x), "[0, 1, 1", "once"),
                refused("swap", (g, x) -> g.add("swap", new Op.Transpose(List.of(0, 2, 1)), x), "[0, 2, 1]", "once"),
                refused("flat", (g, x) -> g.add("flat", new Op.Reshape(Shape.of(191)), x), "191", "as many values"),
                refused("mix", (g, x) -> g.add("mix", new Op.ChannelShuffle(2), x), "[batch, 3", "2 groups"),
                refused(
                        "deep",
                        (g, x) -> g.add("deep", new Op.DepthToSpace(2, Op.DepthToSpace.Order.DEPTH_FIRST), x),
                        "[batch, 3",
                        "multiple of 4"),
                refused("shift", (g, x) -> g.addConstant("shift", x, 2, 1, 1), "[2, 1, 1]", "each of the same length"),
                refused(
                        "shift",
                        (g, x) -> g.addConstant("shift", g.add("gap", new Op.GlobalAveragePool(), x), 3, 8, 8),
                        "[3, 8, 8]",
                        "fits into"),
                refused(
                        "add",
                        (g, x) -> g.add("add", new Op.Add(), x, g.add("half", new Op.Subsample(2), x)),
                        "[3, 4, 4]",
                        "[batch, 3, 8, 8]"),
                refused(
                        "cat",
                        (g, x) -> g.add("cat", new Op.Concat(1), x, g.add("half", new Op.Subsample(2), x)),
                        "[batch, 3, 4, 4]",
                        "but for axis 1"),
                refused("second", (g, x) -> g.add("second", new Op.Input()), "a second input", "one input"));
    }

    private static Arguments refused(
            String node, BiFunction<GraphBuilder, String, String> body, String value, String expected) {
        return Arguments.of(node, body, value, expected);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("impossible")
    void shouldNameTheNodeThatDoesNotFit(
            String node, BiFunction<GraphBuilder, String, String> body, String value, String expected) {
        GraphBuilder g = new GraphBuilder((_, shape) ->
                new HostTensor(shape, new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)]));
        body.apply(g, g.input("input"));
        Graph graph = g.build();

        assertThatThrownBy(() -> ShapeInference.infer(graph, Shape.of(3, 8, 8)))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.kind()).isEqualTo(EngineException.Kind.INCOMPATIBLE_SHAPES);
                    assertThat(e.field()).isEqualTo("node " + node);
                    assertThat(e.value()).contains(value);
                    assertThat(e.expected()).contains(expected);
                });
    }
}
