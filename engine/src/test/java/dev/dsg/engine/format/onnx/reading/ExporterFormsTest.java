package dev.dsg.engine.format.onnx.reading;

import static dev.dsg.engine.format.onnx.reading.ModelFile.gaussian;
import static dev.dsg.engine.format.onnx.reading.ModelFile.in;
import static dev.dsg.engine.format.onnx.reading.ModelFile.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.format.onnx.reading.ModelFile.Attribute;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Imported;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways in which PyTorch's, Keras' and other exporters of several years write the same things, judged by ONNX Runtime. */
class ExporterFormsTest {

    private static final int SIDE = 6;
    private static final HostTensor IMAGES = new HostTensor(new long[] {2, 3, SIDE, SIDE}, gaussian(216));

    /** What follows a convolution and BatchNorm of 4 channels, {@code bn}, and ends in {@code y}. */
    static Stream<Arguments> forms() {
        return Stream.of(
                form("activations of old", 9, m -> m.node(
                                "Clip", "c", in("bn"), Attribute.real("min", 0), Attribute.real("max", 6))
                        .node("Dropout", "d", in("c"), Attribute.real("ratio", 0.5f))
                        .node("LeakyRelu", "y", in("d"), Attribute.real("alpha", 0.2f))),
                form(
                        "classifier of old",
                        7,
                        m -> classified(
                                m.node("GlobalAveragePool", "p", in("bn")).node("Flatten", "f", in("p")), "f")),
                form("padding of old", 10, m -> m.node(
                                "Pad",
                                "p",
                                in("bn"),
                                Attribute.integers("pads", 0, 0, 1, 0, 0, 0, 0, 1),
                                Attribute.real("value", 0.5f))
                        .floats("w2", shape(4, 1, 3, 3), gaussian(36))
                        .node("Conv", "y", in("p", "w2"), Attribute.integer("group", 4))),
                form("padding as a node of its own", 13, m -> m.integers("pads", 0, 0, 0, 0, 0, 0, 1, 1)
                        .node("Relu", "r", in("bn"))
                        .node("Pad", "p", in("r", "pads"))
                        .node(
                                "MaxPool",
                                "y",
                                in("p"),
                                Attribute.integers("kernel_shape", 3, 3),
                                Attribute.integers("strides", 2, 2))),
                form("reflected padding", 13, m -> m.integers("pads", 0, 0, 2, 1, 0, 0, 1, 2)
                        .node("Pad", "y", in("bn", "pads"), Attribute.text("mode", "reflect"))),
                form("repeated edges of some axes", 18, m -> m.integers("pads", 1, 2)
                        .integers("axes", 3)
                        .node("Pad", "y", in("bn", "pads", "", "axes"), Attribute.text("mode", "edge"))),
                form("flattening by arithmetic", 11, m -> flattened(m.node("Relu", "r", in("bn")))),
                form("HardSwish spelled out", 13, m -> m.floats("three", shape(), 3)
                        .floats("zero", shape(), 0)
                        .floats("six", shape(), 6)
                        .node("Add", "a", in("bn", "three"))
                        .node("Clip", "c", in("a", "zero", "six"))
                        .node("Div", "d", in("c", "six"))
                        .node("Mul", "y", in("bn", "d"))),
                form("SiLU", 13, m -> m.node("Sigmoid", "s", in("bn")).node("Mul", "y", in("bn", "s"))),
                form("Mish", 14, m -> m.node("Softplus", "s", in("bn"))
                        .node("Tanh", "t", in("s"))
                        .node("Mul", "y", in("bn", "t"))),
                form("GELU spelled out", 13, m -> m.floats("root", shape(), (float) Math.sqrt(2))
                        .floats("one", shape(), 1)
                        .floats("half", shape(), 0.5f)
                        .node("Div", "d", in("bn", "root"))
                        .node("Erf", "e", in("d"))
                        .node("Add", "a", in("e", "one"))
                        .node("Mul", "m", in("bn", "a"))
                        .node("Mul", "y", in("m", "half"))),
                form("GELU", 20, m -> m.node("Gelu", "y", in("bn"))),
                form("ELU", 22, m -> m.node("Elu", "y", in("bn"), Attribute.real("alpha", 0.7f))),
                form("SELU", 13, m -> m.node("Selu", "y", in("bn"))),
                form("CELU", 13, m -> m.node("Celu", "y", in("bn"), Attribute.real("alpha", 2))),
                form("slopes of channels", 16, m -> m.floats("slope", shape(4, 1, 1), 0.1f, -0.2f, 0.3f, 1)
                        .node("PRelu", "y", in("bn", "slope"))),
                form(
                        "mean as pooling",
                        13,
                        m -> m.node(
                                "ReduceMean",
                                "y",
                                in("bn"),
                                Attribute.integers("axes", -1, -2),
                                Attribute.integer("keepdims", 0))),
                form("mean as pooling, axes as input", 18, m -> m.integers("axes", 2, 3)
                        .node("ReduceMean", "p", in("bn", "axes"))
                        .node("Squeeze", "y", in("p", "axes"))),
                form("channels last in between", 13, ExporterFormsTest::channelsLastBetween),
                form("gate repeated by hand", 13, m -> m.integers("to", 1, 4, SIDE, SIDE)
                        .node("GlobalAveragePool", "p", in("bn"))
                        .node("Sigmoid", "s", in("p"))
                        .node("Expand", "e", in("s", "to"))
                        .node("Mul", "y", in("bn", "e"))),
                form("channels in another order", 13, m -> m.integers("order", 3, 0, 1, 1)
                        .node("Gather", "y", in("bn", "order"), Attribute.integer("axis", 1))),
                form("parts by number", 18, m -> m.node(
                                "Split",
                                "",
                                List.of("a", "b"),
                                in("bn"),
                                Attribute.integer("axis", 1),
                                Attribute.integer("num_outputs", 2))
                        .node("Concat", "y", in("b", "a"), Attribute.integer("axis", 1))),
                form("constants made on the way", 13, m -> m.integers("shape", 1, 4, 1, 1)
                        .node("ConstantOfShape", "zeros", in("shape"))
                        .floats("one", shape(), 1)
                        .node("Add", "ones", in("zeros", "one"))
                        .node("Mul", "y", in("bn", "ones"))),
                form("the newest opset that both read", 23, m -> m.node("HardSwish", "y", in("bn"))));
    }

    private static Arguments form(String name, int opset, UnaryOperator<ModelFile> rest) {
        return Arguments.of(name + ", opset " + opset, opset, rest);
    }

    private static ModelFile classified(ModelFile m, String features) {
        return m.floats("w2", shape(5, 4), gaussian(20))
                .floats("b2", shape(5), gaussian(5))
                .node("Gemm", "y", in(features, "w2", "b2"), Attribute.integer("transB", 1));
    }

    private static ModelFile flattened(ModelFile m) {
        return m.integersOfShape("first", shape(), 0)
                .integers("rest", -1)
                .node("Shape", "s", in("r"))
                .node("Gather", "n", in("s", "first"), Attribute.integer("axis", 0))
                .node("Unsqueeze", "u", in("n"), Attribute.integers("axes", 0))
                .node("Concat", "to", in("u", "rest"), Attribute.integer("axis", 0))
                .node("Reshape", "y", in("r", "to"));
    }

    private static ModelFile channelsLastBetween(ModelFile m) {
        return m.node("Transpose", "last", in("bn"), Attribute.integers("perm", 0, 2, 3, 1))
                .floats("c", shape(4), gaussian(4))
                .node("Mul", "scaled", in("last", "c"))
                .node("Relu", "r", in("scaled"))
                .node("ReduceMean", "y", in("r"), Attribute.integers("axes", 1, 2), Attribute.integer("keepdims", 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void shouldComputeWhatOnnxRuntimeComputes(String name, int opset, UnaryOperator<ModelFile> rest) throws Exception {
        ModelFile model = layer(new ModelFile(opset).input("x", -1, 3, SIDE, SIDE), "x");
        byte[] file = rest.apply(model).output("y").toBytes();

        assertAgreement(file, IMAGES);
    }

    /** As tf2onnx writes Keras networks: images with channels last, turned before the first convolution. */
    @Test
    void shouldReadKerasNetworksWithChannelsFirst() throws Exception {
        // Given
        ModelFile model = new ModelFile(15)
                .input("x", -1, SIDE, SIDE, 3)
                .floats("scale", shape(1), 0.5f)
                .node("Mul", "preprocessed", in("x", "scale"))
                .node("Transpose", "first", in("preprocessed"), Attribute.integers("perm", 0, 3, 1, 2));
        byte[] file = layer(model, "first").output("bn").toBytes();

        // When
        Imported imported = OnnxImport.parse(file);

        // Then
        assertThat(imported.input()).isEqualTo(Shape.of(3, SIDE, SIDE));
        HostTensor last;
        try (Scope _ = Scope.open()) {
            Tensor turned = Tensor.of(IMAGES.values(), IMAGES.shape()).transpose(0, 2, 3, 1);
            last = new HostTensor(turned.shape(), turned.toFloats());
        }
        assertAgreement(imported, file, last);
    }

    /** What an exporter leaves that folded BatchNorm where no convolution comes before it. */
    @Test
    void shouldRefuseBatchNormThatBecameAProductAndASum() {
        byte[] file = new ModelFile(13)
                .input("x", -1, 3, SIDE, SIDE)
                .floats("w", shape(4, 3, 1, 1), gaussian(12))
                .floats("gain", shape(4, 1, 1), gaussian(4))
                .floats("shift", shape(4, 1, 1), gaussian(4))
                .node("Conv", "c", in("x", "w"))
                .node("Mul", "m", in("c", "gain"))
                .node("Add", "y", in("m", "shift"))
                .output("y")
                .toBytes();

        assertThatThrownBy(() -> OnnxImport.parse(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_BATCH_NORM));
    }

    private static void assertAgreement(byte[] file, HostTensor images) throws Exception {
        assertAgreement(OnnxImport.parse(file), file, images);
    }

    private static void assertAgreement(Imported imported, byte[] file, HostTensor theirs) throws Exception {
        assertThat(imported.graph().nodes(Op.BatchNorm.class)).hasSize(1);
        float[] ours;
        try (Interpreter network = new Interpreter(imported.graph());
                Scope _ = Scope.open()) {
            ours = network.run(Tensor.of(IMAGES.values(), IMAGES.shape())).toFloats();
        }
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            assertThat(ours).containsExactly(runtime.run(theirs).values(), within(1e-4f));
        }
    }

    private static ModelFile layer(ModelFile model, String x) {
        return model.floats("w", shape(4, 3, 3, 3), gaussian(108))
                .floats("scale_bn", shape(4), 0.5f, 1, 1.5f, -1)
                .floats("shift_bn", shape(4), gaussian(4))
                .floats("mean_bn", shape(4), gaussian(4))
                .floats("var_bn", shape(4), 4, 9, 16, 25)
                .node("Conv", "conv", in(x, "w"), Attribute.integers("pads", 1, 1, 1, 1))
                .node("BatchNormalization", "bn", in("conv", "scale_bn", "shift_bn", "mean_bn", "var_bn"));
    }
}
