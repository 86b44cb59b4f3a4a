package dev.dsg.engine.format.onnx.reading;

import static dev.dsg.engine.format.onnx.reading.ModelFile.gaussian;
import static dev.dsg.engine.format.onnx.reading.ModelFile.in;
import static dev.dsg.engine.format.onnx.reading.ModelFile.shape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.format.onnx.reading.ModelFile.Attribute;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Imported;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What tf2onnx makes of the parts of Keras' classifiers. It computes on images with channels last, turned around every
 * convolution, wherever it does not find that two turns cancel out; ONNX Runtime judges.
 */
class KerasFormsTest {

    private static final int SIDE = 6;
    private static final HostTensor IMAGES = new HostTensor(new long[] {2, 3, SIDE, SIDE}, gaussian(216));
    private static final Attribute LAST = Attribute.integers("perm", 0, 2, 3, 1);
    private static final Attribute FIRST = Attribute.integers("perm", 0, 3, 1, 2);

    /** What follows convolution and BatchNorm, {@code bn} with channels last, {@code [2, 6, 6, 4]}, and ends in {@code y}. */
    static Stream<Arguments> forms() {
        return Stream.of(
                form("ReLU6 as maximum and minimum", 8, m -> m.floats("zero", shape(), 0)
                        .floats("six", shape(), 6)
                        .node("Max", "r", in("bn", "zero"))
                        .node("Min", "y", in("r", "six"))),
                form("ReLU6 as ReLU and minimum, constant first", 13, m -> m.floats("six", shape(1), 6)
                        .node("Relu", "r", in("bn"))
                        .node("Min", "y", in("six", "r"))),
                form("HardSwish of MobileNetV3", 13, KerasFormsTest::hardSwish),
                form("PReLU by its definition", 13, m -> m.floats("slope", shape(1, 1, 4), 0.1f, 0.2f, 0.3f, 0.4f)
                        .node("Relu", "above", in("bn"))
                        .node("Neg", "n", in("bn"))
                        .node("Relu", "below", in("n"))
                        .node("Neg", "minus", in("slope"))
                        .node("Mul", "sloped", in("minus", "below"))
                        .node("Add", "y", in("above", "sloped"))),
                form("ZeroPadding2D", 13, m -> m.integers("pads", 0, 0, 1, 0, 0, 1, 0, 0)
                        .node("Pad", "p", in("bn", "pads"))
                        .floats("w2", shape(4, 1, 3, 3), gaussian(36))
                        .node("Transpose", "first", in("p"), FIRST)
                        .node(
                                "Conv",
                                "c",
                                in("first", "w2"),
                                Attribute.integer("group", 4),
                                Attribute.integers("strides", 2, 2))
                        .node("Transpose", "y", in("c"), LAST)),
                form("SAME with stride 2", 13, m -> m.floats("w2", shape(4, 4, 3, 3), gaussian(144))
                        .node("Transpose", "first", in("bn"), FIRST)
                        .node(
                                "Conv",
                                "c",
                                in("first", "w2"),
                                Attribute.text("auto_pad", "SAME_UPPER"),
                                Attribute.integers("strides", 2, 2))
                        .node("Transpose", "y", in("c"), LAST)),
                form("Cropping2D and Concatenate", 13, m -> m.integers("from", 1, 1)
                        .integers("to", 5, 5)
                        .integers("axes", 1, 2)
                        .node("Slice", "s", in("bn", "from", "to", "axes"))
                        .node("Concat", "y", in("s", "s"), Attribute.integer("axis", 3))),
                form("mean of all pixels, pooled and squeezed", 13, m -> m.integers("axes", 2, 3)
                        .node("Transpose", "first", in("bn"), FIRST)
                        .node("GlobalAveragePool", "p", in("first"))
                        .node("Squeeze", "f", in("p", "axes"))
                        .floats("w2", shape(4, 5), gaussian(20))
                        .floats("b2", shape(5), gaussian(5))
                        .node("MatMul", "m", in("f", "w2"))
                        .node("Add", "l", in("m", "b2"))
                        .node("Softmax", "y", in("l"), Attribute.integer("axis", -1))),
                form(
                        "maximum of all pixels",
                        13,
                        m -> m.node(
                                "ReduceMax",
                                "y",
                                in("bn"),
                                Attribute.integers("axes", 1, 2),
                                Attribute.integer("keepdims", 0))),
                form("BatchNormalization behind a dense layer", 13, KerasFormsTest::normalizedFeatures),
                form("Flatten with channels last", 13, m -> m.integers("to", -1, 144)
                        .node("Reshape", "y", in("bn", "to"))),
                form("squeeze and excitation, shape by arithmetic", 13, KerasFormsTest::excited),
                form("classifier as convolution", 13, m -> m.integers("to", -1, 1, 1, 4)
                        .integers("flat", -1, 5)
                        .node(
                                "ReduceMean",
                                "p",
                                in("bn"),
                                Attribute.integers("axes", 1, 2),
                                Attribute.integer("keepdims", 0))
                        .node("Reshape", "r", in("p", "to"))
                        .node("Transpose", "first", in("r"), FIRST)
                        .floats("w2", shape(5, 4, 1, 1), gaussian(20))
                        .floats("b2", shape(5), gaussian(5))
                        .node("Conv", "c", in("first", "w2", "b2"))
                        .node("Transpose", "last", in("c"), LAST)
                        .node("Reshape", "l", in("last", "flat"))
                        .node("Softmax", "y", in("l"))),
                form("probabilities before they are reshaped", 13, m -> m.integers("flat", -1, 5)
                        .node(
                                "ReduceMean",
                                "p",
                                in("bn"),
                                Attribute.integers("axes", 1, 2),
                                Attribute.integer("keepdims", 1))
                        .node("Transpose", "first", in("p"), FIRST)
                        .floats("w2", shape(5, 4, 1, 1), gaussian(20))
                        .floats("b2", shape(5), gaussian(5))
                        .node("Conv", "c", in("first", "w2", "b2"))
                        .node("Transpose", "last", in("c"), LAST)
                        .node("Softmax", "s", in("last"), Attribute.integer("axis", -1))
                        .node("Reshape", "y", in("s", "flat"))),
                form("Normalization of EfficientNet", 13, m -> m.floats("variance", shape(1, 1, 1, 4), 1, 4, 9, 16)
                        .floats("least", shape(), 1e-7f)
                        .node("Sqrt", "root", in("variance"))
                        .node("Max", "deviation", in("root", "least"))
                        .node("Reciprocal", "gain", in("deviation"))
                        .node("Mul", "y", in("bn", "gain"))),
                form("depthwise weights turned", 13, m -> m.floats("w2", shape(3, 3, 4, 1), gaussian(36))
                        .integers("to", 4, 1, 3, 3)
                        .node("Transpose", "t", in("w2"), Attribute.integers("perm", 3, 2, 0, 1))
                        .node("Reshape", "k", in("t", "to"))
                        .node("Transpose", "first", in("bn"), FIRST)
                        .node("Conv", "c", in("first", "k"), Attribute.integer("group", 4))
                        .node("Transpose", "y", in("c"), LAST)));
    }

    private static ModelFile hardSwish(ModelFile m) {
        return m.floats("three", shape(), 3)
                .floats("six", shape(), 6)
                .floats("sixth", shape(), 1 / 6f)
                .node("Add", "a", in("bn", "three"))
                .node("Relu", "r", in("a"))
                .node("Min", "c", in("r", "six"))
                .node("Mul", "g", in("c", "sixth"))
                .node("Mul", "y", in("bn", "g"));
    }

    /** A gate as EfficientNet has it: the batch is read off, joined with the rest, and cast between widths of integers. */
    private static ModelFile excited(ModelFile m) {
        return m.integers("zero", 0)
                .integers("one", 1)
                .integers("rest", 1, 1, 4)
                .node("ReduceMean", "p", in("bn"), Attribute.integers("axes", 1, 2), Attribute.integer("keepdims", 0))
                .node("Shape", "s", in("p"))
                .node("Cast", "s32", in("s"), Attribute.integer("to", 6))
                .node("Slice", "n", in("s32", "zero", "one", "zero"))
                .node("Squeeze", "scalar", in("n", "zero"))
                .node("Unsqueeze", "n1", in("scalar", "zero"))
                .node("Cast", "rest32", in("rest"), Attribute.integer("to", 6))
                .node("Concat", "to32", in("n1", "rest32"), Attribute.integer("axis", 0))
                .node("Cast", "to", in("to32"), Attribute.integer("to", 7))
                .node("Reshape", "r", in("p", "to"))
                .node("Transpose", "first", in("r"), FIRST)
                .floats("w2", shape(4, 4, 1, 1), gaussian(16))
                .node("Conv", "c", in("first", "w2"))
                .node("Transpose", "last", in("c"), LAST)
                .node("Sigmoid", "g", in("last"))
                .node("Mul", "y", in("bn", "g"));
    }

    /** Behind a dense layer, BatchNormalization is spelled out. */
    private static ModelFile normalizedFeatures(ModelFile m) {
        return m.floats("variance", shape(4), 1, 4, 9, 16)
                .floats("epsilon", shape(), 1e-3f)
                .floats("gamma", shape(4), gaussian(4))
                .floats("mean", shape(4), 0.1f, 0.2f, 0.3f, 0.4f)
                .floats("beta", shape(4), 1, 2, 3, 4)
                .node("ReduceMean", "p", in("bn"), Attribute.integers("axes", 1, 2), Attribute.integer("keepdims", 0))
                .node("Add", "above", in("variance", "epsilon"))
                .node("Sqrt", "root", in("above"))
                .node("Reciprocal", "inverse", in("root"))
                .node("Mul", "gain", in("inverse", "gamma"))
                .node("Mul", "scaled", in("p", "gain"))
                .node("Mul", "moved", in("mean", "gain"))
                .node("Sub", "shift", in("beta", "moved"))
                .node("Add", "y", in("scaled", "shift"));
    }

    private static Arguments form(String name, int opset, UnaryOperator<ModelFile> rest) {
        return Arguments.of(name, opset, rest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void shouldComputeWhatOnnxRuntimeComputes(String name, int opset, UnaryOperator<ModelFile> rest) throws Exception {
        // Given
        byte[] file = rest.apply(beginning(opset)).output("y").toBytes();

        // When
        Imported imported = OnnxImport.parse(file);

        // Then
        assertThat(imported.input()).isEqualTo(Shape.of(3, SIDE, SIDE));
        assertThat(imported.graph().nodes(Op.BatchNorm.class)).hasSize(1);
        float[] ours;
        HostTensor theirs;
        try (Interpreter network = new Interpreter(imported.graph());
                Scope _ = Scope.open()) {
            Tensor images = Tensor.of(IMAGES.values(), IMAGES.shape());
            ours = network.run(images).toFloats();
            Tensor turned = images.transpose(0, 2, 3, 1);
            theirs = new HostTensor(turned.shape(), turned.toFloats());
        }
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            HostTensor expected = runtime.run(theirs);
            assertThat(imported.leftOut().isEmpty() ? ours : probabilities(ours, 5))
                    .containsExactly(expected.values(), within(1e-4f));
        }
    }

    /** Each of a pair of limits would be quantized, the first of them over a range that the second cuts off. */
    @ParameterizedTest
    @CsvSource({
        "Max, zero, Min, six, 0, 6",
        "Min, six, Max, zero, 0, 6",
        "Max, six, Min, zero, 0, 0",
        "Min, zero, Max, six, 6, 6"
    })
    void shouldMakeOneLimitOfTwo(String first, String one, String second, String other, double lo, double hi) {
        byte[] file = beginning(13)
                .floats("zero", shape(), 0)
                .floats("six", shape(), 6)
                .node(first, "a", in("bn", one))
                .node(second, "y", in("a", other))
                .output("y")
                .toBytes();

        Graph network = OnnxImport.parse(file).graph();

        assertThat(network.activations()).extracting(Node::op).containsExactly(new Op.Clip(lo, hi));
    }

    @Test
    void shouldKeepALimitWhoseValueOthersRead() {
        byte[] file = beginning(13)
                .floats("six", shape(), 6)
                .node("Relu", "r", in("bn"))
                .node("Min", "c", in("r", "six"))
                .node("Add", "y", in("r", "c"))
                .output("y")
                .toBytes();

        assertThat(OnnxImport.parse(file).graph().activations()).hasSize(2);
    }

    @Test
    void shouldKnowTheHardSwishOfMobileNetV3() {
        byte[] file = hardSwish(beginning(13)).output("y").toBytes();

        assertThat(OnnxImport.parse(file).graph().activations())
                .extracting(Node::op)
                .containsExactly(new Op.HardSwish());
    }

    private static ModelFile beginning(int opset) {
        return new ModelFile(opset)
                .domain("ai.onnx.ml", 2)
                .input("x", -1, SIDE, SIDE, 3)
                .floats("w", shape(4, 3, 3, 3), gaussian(108))
                .floats("scale_bn", shape(4), 0.5f, 1, 1.5f, -1)
                .floats("shift_bn", shape(4), gaussian(4))
                .floats("mean_bn", shape(4), gaussian(4))
                .floats("var_bn", shape(4), 4, 9, 16, 25)
                .node("Transpose", "images", in("x"), FIRST)
                .node("Conv", "conv", in("images", "w"), Attribute.integers("pads", 1, 1, 1, 1))
                .node("BatchNormalization", "norm", in("conv", "scale_bn", "shift_bn", "mean_bn", "var_bn"))
                .node("Transpose", "bn", in("norm"), LAST);
    }

    private static float[] probabilities(float[] logits, int classes) {
        float[] shares = new float[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double sum = 0;
            for (int i = row; i < row + classes; i++) {
                sum += Math.exp(logits[i]);
            }
            for (int i = row; i < row + classes; i++) {
                shares[i] = (float) (Math.exp(logits[i]) / sum);
            }
        }
        return shares;
    }
}
