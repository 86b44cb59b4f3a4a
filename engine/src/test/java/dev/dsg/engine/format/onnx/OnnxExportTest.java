package dev.dsg.engine.format.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Op.DepthToSpace.Order;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Resampling.Method;
import dev.dsg.engine.graph.Resampling.Placement;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {

    private static final Shape SHAPE = Shape.of(3, 32, 32);
    private static final HostTensor IMAGES = images(3);

    private static HostTensor images(int count) {
        Random random = new Random(2);
        float[] values = new float[count * 3 * 32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(new long[] {count, 3, 32, 32}, values);
    }

    /** A network in which every parameter is random, so that none can be left out or mixed up. */
    private static Graph network(Shortcut shortcut) {
        Random random = new Random(1);
        Graph graph = new CifarResNet(8, shortcut, 10).build(CifarResNet.randomInitialisation(random));
        Map<String, HostTensor> shaken = new LinkedHashMap<>();
        graph.initializers().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * (0.75f + 0.5f * random.nextFloat())
                        + (values.length < 65 ? 0.1f * random.nextFloat() : 0);
            }
            shaken.put(name, new HostTensor(tensor.shape(), values));
        });
        return graph.with(shaken);
    }

    private static float[] interpreted(Graph graph, HostTensor input) {
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter.run(Tensor.of(input.values(), input.shape())).toFloats();
        }
    }

    private static void assertAgreement(Graph graph, HostTensor input) throws OrtException {
        long[] shape = input.shape();
        Shape example = Shape.of((int) shape[1], (int) shape[2], (int) shape[3]);
        try (OnnxRuntime runtime = new OnnxRuntime(OnnxExport.float32(graph, example))) {
            assertThat(runtime.run(input).values()).containsExactly(interpreted(graph, input), within(1e-4f));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldComputeInOnnxRuntimeWhatTheInterpreterComputes(Shortcut shortcut) throws OrtException {
        assertAgreement(network(shortcut), IMAGES);
    }

    @Test
    void shouldKeepBatchNormOrWriteTheFoldedNetworkAsTheGraphSays() throws OrtException {
        Graph folded = new BatchNormFolding(0).fold(network(Shortcut.B));

        assertAgreement(folded, IMAGES);
        assertThat(text(OnnxExport.float32(network(Shortcut.B), SHAPE))).contains("BatchNormalization");
        assertThat(text(OnnxExport.float32(folded, SHAPE))).doesNotContain("BatchNormalization");
    }

    @Test
    void shouldWriteTheSameBytesTwice() {
        assertThat(OnnxExport.float32(network(Shortcut.A), SHAPE))
                .isEqualTo(OnnxExport.float32(network(Shortcut.A), SHAPE));
    }

    /** A graph of one input, called x. */
    private static Arguments graph(String name, Consumer<GraphBuilder> nodes) {
        Random random = new Random(3);
        GraphBuilder builder = new GraphBuilder((_, shape) -> random(random, shape));
        builder.input("x");
        nodes.accept(builder);
        return Arguments.of(name, builder.build());
    }

    private static HostTensor random(Random random, long... shape) {
        float[] values = new float[(int) LongStream.of(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(shape, values);
    }

    private static Arguments op(Op op) {
        return graph(op.toString(), g -> g.add("y", op, "x"));
    }

    static Stream<Arguments> operations() {
        Padding uneven = new Padding(1, 0, 2, 1);
        Window plain = new Window(new Size(3, 2), new Size(2, 1), new Padding(1, 0, 1, 1), false);
        Stream<Op> ops = Stream.of(
                new Op.Clip(-0.5, 1),
                new Op.LeakyRelu(0.2),
                new Op.Elu(1.5),
                new Op.Softplus(),
                new Op.Erf(),
                new Op.Sigmoid(),
                new Op.HardSigmoid(0.3, 0.4),
                new Op.HardSwish(),
                new Op.Tanh(),
                new Op.Softmax(1),
                new Op.Softmax(3),
                new Op.MaxPool(plain),
                new Op.MaxPool(Window.square(3, 2, 1).withCeil()),
                new Op.MaxPool(Window.square(2, 2, 0).withCeil()),
                new Op.AveragePool(plain, true),
                new Op.AveragePool(plain, false),
                new Op.AveragePool(Window.square(3, 2, 1).withCeil(), true),
                new Op.AveragePool(Window.square(2, 2, 0).withCeil(), true),
                new Op.AveragePool(Window.square(3, 2, 0).withCeil(), false),
                new Op.Pad(uneven, 0.75),
                new Op.PadChannels(2, 3),
                new Op.Subsample(2),
                new Op.Slice(1, 1, 6, 2),
                new Op.Slice(3, 0, 4, 1),
                new Op.ChannelShuffle(4),
                new Op.DepthToSpace(2, Order.DEPTH_FIRST),
                new Op.DepthToSpace(2, Order.CHANNELS_FIRST),
                new Op.Transpose(List.of(0, 3, 1, 2)),
                new Op.Reshape(Shape.of(4, 2, 35)),
                new Op.Flatten(),
                new Op.GlobalAveragePool());
        Stream<Op> resizes = Stream.of(Placement.values())
                .flatMap(placement -> Stream.of(
                        new Op.Resize(new Size(10, 14), new Resampling(Method.LINEAR, placement, 2, 2)),
                        new Op.Resize(new Size(7, 3), new Resampling(Method.NEAREST_FLOOR, placement, 1.5, 0.5)),
                        new Op.Resize(new Size(8, 5), new Resampling(Method.NEAREST_CEIL, placement, 1.6, 5 / 7.0)),
                        new Op.Resize(new Size(10, 14), new Resampling(Method.NEAREST_LOWER, placement, 2, 2)),
                        new Op.Resize(new Size(15, 21), new Resampling(Method.NEAREST_UPPER, placement, 3, 3))));
        Stream<Arguments> graphs = Stream.of(
                graph(
                        "grouped convolution",
                        g -> g.conv(
                                "y",
                                "x",
                                8,
                                12,
                                new Size(3, 2),
                                new Op.Conv(new Size(2, 1), uneven, new Size(1, 2), 4),
                                true)),
                graph("pointwise convolution", g -> g.conv("y", "x", 8, 3, 1, 1, 0)),
                graph("gemm", g -> g.gemm("y", g.add("flat", new Op.Flatten(), "x"), 280, 3)),
                graph("sum and product", g -> g.add("y", new Op.Mul(), g.add("s", new Op.Add(), "x", "x"), "x")),
                graph("gate", g -> g.add("y", new Op.Mul(), "x", g.add("p", new Op.GlobalAveragePool(), "x"))),
                graph("constants", g -> g.addConstant("y", g.mulConstant("m", "x", 8, 1, 1), 8, 5, 7)),
                graph("concatenation", g -> g.add("y", new Op.Concat(1), "x", g.add("r", new Op.Relu(), "x"), "x")));
        return Stream.of(Stream.concat(ops, resizes).map(OnnxExportTest::op), graphs)
                .flatMap(s -> s);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void shouldWriteEveryOperationAsOnnxMeansIt(String name, Graph graph) throws OrtException {
        assertAgreement(graph, random(new Random(4), 2, 8, 5, 7));
    }

    private static String text(byte[] model) {
        return new String(model, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
