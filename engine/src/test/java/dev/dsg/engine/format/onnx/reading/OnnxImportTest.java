package dev.dsg.engine.format.onnx.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.onnx.reading.ModelFile.Attribute;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Choice;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Imported;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImportTest {

    @Test
    void shouldPutTogetherWhatExportersTakeApart() {
        Imported imported = OnnxImport.parse(mobileNetwork().toBytes());

        assertThat(imported.input()).isEqualTo(Shape.of(3, 12, 12));
        assertThat(imported.output()).isEqualTo(Shape.of(5));
        assertThat(imported.graph().nodes(Op.BatchNorm.class)).hasSize(2);
        assertThat(imported.graph().nodes(Op.HardSwish.class))
                .extracting(Node::name)
                .containsExactly("swish");
        assertThat(imported.graph().nodes(Op.Gemm.class)).extracting(Node::name).containsExactly("logits");
        assertThat(imported.graph().nodes(Op.AddConstant.class)).isEmpty();
        assertThat(imported.graph().output().name()).isEqualTo("logits");
    }

    @Test
    void shouldBringTheChannelsOfTheInputFirst() {
        // Given
        ModelFile model = new ModelFile(13)
                .input("x", -1, 6, 6, 3)
                .node("Transpose", "first", List.of("x"), Attribute.integers("perm", 0, 3, 1, 2));
        byte[] file = layer(model, "first")
                .node("Relu", "y", List.of("bn"))
                .output("y")
                .toBytes();

        // When
        Imported imported = OnnxImport.parse(file);

        // Then
        assertThat(imported.input()).isEqualTo(Shape.of(3, 6, 6));
        assertThat(imported.graph().nodes(Op.Transpose.class)).isEmpty();
    }

    /** As where a preprocessing step lies between the images and what brings their channels first. */
    @Test
    void shouldReadImagesWithChannelsFirstWhateverTheNetworkDoesWithThem() {
        // Given
        ModelFile model = new ModelFile(13)
                .input("x", -1, 6, 6, 3)
                .floats("half", shape(), 0.5f)
                .node("Mul", "scaled", List.of("x", "half"))
                .node("Transpose", "first", List.of("scaled"), Attribute.integers("perm", 0, 3, 1, 2));

        // When
        Imported imported = OnnxImport.parse(layer(model, "first").output("bn").toBytes());

        // Then
        assertThat(imported.input()).isEqualTo(Shape.of(3, 6, 6));
        assertThat(imported.output()).isEqualTo(Shape.of(4, 6, 6));
        assertThat(imported.graph().nodes(Op.Transpose.class)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Softmax", "LogSoftmax"})
    void shouldLeaveOutWhatMakesProbabilitiesOfLogits(String type) {
        // Given
        byte[] file = layer(new ModelFile(13).input("x", -1, 3, 6, 6), "x")
                .node("GlobalAveragePool", "logits", in())
                .node(type, "p", List.of("logits"), Attribute.integer("axis", 1))
                .node("Identity", "y", List.of("p"))
                .output("y")
                .toBytes();

        // When
        Imported imported = OnnxImport.parse(file);

        // Then
        assertThat(imported.leftOut()).containsExactly("p (" + type + ")");
        assertThat(imported.graph().nodes(Op.Softmax.class)).isEmpty();
        assertThat(imported.output()).as("an image of one pixel").isEqualTo(Shape.of(4));
    }

    @Test
    void shouldNotTakeASoftmaxOverAnImageForTheEndOfAClassifier() {
        byte[] file = layer(new ModelFile(13).input("x", -1, 3, 6, 6), "x")
                .node("Softmax", "y", in(), Attribute.integer("axis", 1))
                .output("y")
                .toBytes();

        assertThatThrownBy(() -> OnnxImport.parse(file))
                .hasMessageContaining("node y (Softmax) is axis 1 of [batch, 4");
    }

    @Test
    void shouldAskWhichOfSeveralOutputsHasTheLogits() {
        // Given
        byte[] file = layer(new ModelFile(13).input("x", -1, 3, 6, 6), "x")
                .node("GlobalAveragePool", "pooled", in())
                .output("pooled")
                .output("bn")
                .toBytes();

        // Then
        assertThatThrownBy(() -> OnnxImport.parse(file)).hasMessageContaining("outputs is [pooled, bn], expected one");
        Choice other = new Choice(Optional.empty(), Optional.of("logits"));
        assertThatThrownBy(() -> OnnxImport.parse(file, other)).hasMessageContaining("expected logits among them");
        Imported imported = OnnxImport.parse(file, new Choice(Optional.empty(), Optional.of("pooled")));
        assertThat(imported.output()).isEqualTo(Shape.of(4));
        assertThat(imported.alone()).isFalse();
    }

    /** A file of the quantized network calls the scale of weight {@code w} so. */
    @Test
    void shouldNameNoParameterAsAQuantizedNetworkWould() {
        byte[] file = batchNorm(
                        new ModelFile(13)
                                .input("x", -1, 3, 6, 6)
                                .floats("bn", shape(4, 3, 1, 1), gaussian(new Random(1), 12))
                                .node("Conv", "conv", List.of("x", "bn")),
                        new Random(2),
                        "bn",
                        "conv",
                        4)
                .output("bn")
                .toBytes();

        Graph graph = OnnxImport.parse(file).graph();

        assertThat(graph.initializers()).containsKeys("bn", "bn.scale.2");
        QuantizedNetwork quantized = new PostTrainingQuantizer(QuantizationSettings.of(8, 8))
                .quantize(
                        graph,
                        List.of(new HostTensor(new long[] {1, 3, 6, 6}, gaussian(new Random(3), 108))),
                        ProgressListener.NONE);
        assertThat(QuantizedNetwork.fromSafetensors(Safetensors.parse(quantized.toSafetensors()), graph)
                        .weights())
                .isEqualTo(quantized.weights());
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("unknown operator", Kind.UNSUPPORTED_OPERATOR, "node y (Sinh)", m -> m.node("Sinh", "y", in())),
                refused(
                        "foreign domain",
                        Kind.UNSUPPORTED_OPERATOR,
                        "node y (Relu)",
                        m -> m.node("Relu", "com.example", List.of("y"), in())),
                refused(
                        "moved batch",
                        Kind.UNSUPPORTED_OPERATOR,
                        "node y (Transpose)",
                        m -> m.node("Transpose", "y", in(), Attribute.integers("perm", 1, 0, 2, 3))),
                refused("too much padding", Kind.INCOMPATIBLE_SHAPES, "node y (Pad)", m -> m.integers(
                                "p", 0, 0, 6, 1, 0, 0, 1, 1)
                        .node("Pad", "y", List.of("bn", "p"), Attribute.text("mode", "reflect"))),
                refused("places of maxima", Kind.UNSUPPORTED_OPERATOR, "node m (MaxPool)", m -> m.node(
                                "MaxPool", "", List.of("m", "at"), in(), Attribute.integers("kernel_shape", 2, 2))
                        .node("Add", "y", List.of("m", "at"))),
                refused(
                        "computed weight",
                        Kind.UNRESOLVED_SHAPE,
                        "node y (Conv)",
                        m -> m.node("Conv", "y", List.of("bn", "bn"))),
                refused("batch arithmetic", Kind.UNRESOLVED_SHAPE, "node double (Mul)", m -> m.integers("two", 2)
                        .node("Shape", "shape", in())
                        .node("Mul", "double", List.of("shape", "two"))
                        .node("Reshape", "y", List.of("bn", "double"))),
                refused("lost value", Kind.CORRUPT_FILE, "node y", m -> m.node("Relu", "y", List.of("nowhere"))),
                refused("no number", Kind.CORRUPT_FILE, "tensor w2", m -> m.floats(
                                "w2", shape(1, 4, 1, 1), 1, 2, Float.NaN, 4)
                        .node("Conv", "y", List.of("bn", "w2"))),
                refused("lying shape", Kind.CORRUPT_FILE, "tensor w2 data", m -> m.floats(
                                "w2", shape(1, 4, 1, 1), 1, 2, 3)
                        .node("Conv", "y", List.of("bn", "w2"))),
                refused("huge shape", Kind.CORRUPT_FILE, "tensor w2 dims", m -> m.floats(
                                "w2", shape(1L << 40, 1L << 40, 1, 1), 1)
                        .node("Conv", "y", List.of("bn", "w2"))),
                refused("other channels", Kind.INCOMPATIBLE_SHAPES, "node y", m -> m.floats(
                                "w2", shape(1, 3, 1, 1), 1, 2, 3)
                        .node("Conv", "y", List.of("bn", "w2"))));
    }

    private static Arguments refused(String what, Kind kind, String field, UnaryOperator<ModelFile> rest) {
        return Arguments.of(what, kind, field, rest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void shouldNameTheNodeItRefuses(String what, Kind kind, String field, UnaryOperator<ModelFile> rest) {
        ModelFile model = layer(new ModelFile(13).input("x", -1, 3, 6, 6), "x");
        byte[] file = rest.apply(model).output("y").toBytes();

        assertThatThrownBy(() -> OnnxImport.parse(file)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.expected()).isNotBlank();
        });
    }

    @Test
    void shouldRefuseANetworkWithoutBatchNorm() {
        byte[] file = new ModelFile(13)
                .input("x", 1, 3, 6, 6)
                .node("Relu", "y", List.of("x"))
                .output("y")
                .toBytes();

        assertThatThrownBy(() -> OnnxImport.parse(file)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.NO_BATCH_NORM);
            assertThat(e.expected()).contains("TrainingMode.PRESERVE");
        });
    }

    @Test
    void shouldRefuseOpsetsItDoesNotKnow() {
        for (int opset : new int[] {6, 99}) {
            byte[] file =
                    new ModelFile(opset).input("x", 1, 3, 6, 6).output("x").toBytes();

            assertThatThrownBy(() -> OnnxImport.parse(file))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.field()).isEqualTo("opset"));
        }
    }

    @Test
    void shouldTakeTheShapeThatTheFileLeavesOpen(@TempDir Path folder) throws IOException {
        // Given
        Path file = folder.resolve("model.onnx");
        Files.write(
                file,
                layer(new ModelFile(13).input("x", -1, 3, -1, -1), "x")
                        .output("bn")
                        .toBytes());

        // Then
        assertThatThrownBy(() -> OnnxImport.read(file, Choice.NONE))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNRESOLVED_SHAPE));
        assertThat(OnnxImport.read(file, new Choice(Optional.of(Shape.of(3, 9, 7)), Optional.empty()))
                        .output())
                .isEqualTo(Shape.of(4, 9, 7));
    }

    @Test
    void shouldReadExternalDataOnlyInsideTheFolder(@TempDir Path root) throws IOException {
        // Given: eight bytes, then the values; the same outside the folder, and a link to that
        Path folder = Files.createDirectory(root.resolve("model"));
        ByteBuffer data = ByteBuffer.allocate(8 + 4 * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.position(8).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(new float[] {1, 2, 3, 4});
        Files.write(folder.resolve("weights.bin"), data.array());
        Files.write(root.resolve("outside.bin"), data.array());
        Files.createSymbolicLink(folder.resolve("link.bin"), root.resolve("outside.bin"));

        // Then
        assertThat(OnnxImport.read(external(folder, "weights.bin", 8), Choice.NONE)
                        .graph()
                        .initializers()
                        .get("w2")
                        .values())
                .containsExactly(1, 2, 3, 4);
        String outside = root.resolve("outside.bin").toString();
        for (String location : List.of("../outside.bin", outside, "link.bin", "missing.bin", "", "a\0b")) {
            assertThatThrownBy(() -> OnnxImport.read(external(folder, location, 8), Choice.NONE))
                    .as(location)
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.field()).isEqualTo("tensor w2 external_data"));
        }
        assertThatThrownBy(() -> OnnxImport.read(external(folder, "weights.bin", 9), Choice.NONE))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("16 bytes by its dims, inside the file's 24");
    }

    private static Path external(Path folder, String location, long offset) throws IOException {
        byte[] file = layer(new ModelFile(13).input("x", -1, 3, 6, 6), "x")
                .external("w2", shape(1, 4, 1, 1), location, offset)
                .node("Conv", "y", List.of("bn", "w2"))
                .output("y")
                .toBytes();
        return Files.write(folder.resolve("model.onnx"), file);
    }

    /** Whatever is cut off or changed: the file is read, or refused with the engine's own error. */
    @Test
    void shouldSurviveEveryKindOfDamage() {
        byte[] file = mobileNetwork().toBytes();
        Random random = new Random(7);
        for (int i = 0; i < 600; i++) {
            byte[] damaged = i % 3 == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file.clone();
            for (int j = 0; j < i % 3 * 2 && damaged.length > 0; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(OnnxImport.parse(damaged).graph().nodes()).isNotEmpty();
            } catch (EngineException e) {
                assertThat(e.field()).isNotBlank();
            }
        }
    }

    /** A convolution of 3 channels to 4 and its BatchNorm, {@code bn}. */
    private static ModelFile layer(ModelFile model, String x) {
        Random random = new Random(1);
        model.floats("w", shape(4, 3, 3, 3), gaussian(random, 108))
                .node("Conv", "conv", List.of(x, "w"), Attribute.integers("pads", 1, 1, 1, 1));
        return batchNorm(model, random, "bn", "conv", 4);
    }

    private static ModelFile batchNorm(ModelFile model, Random random, String name, String x, int channels) {
        float[] variance = gaussian(random, channels);
        for (int c = 0; c < channels; c++) {
            variance[c] = 0.5f + Math.abs(variance[c]);
        }
        return model.floats(name + ".scale", shape(channels), gaussian(random, channels))
                .floats(name + ".shift", shape(channels), gaussian(random, channels))
                .floats(name + ".mean", shape(channels), gaussian(random, channels))
                .floats(name + ".var", shape(channels), variance)
                .node(
                        "BatchNormalization",
                        name,
                        List.of(x, name + ".scale", name + ".shift", name + ".mean", name + ".var"));
    }

    private static ModelFile mobileNetwork() {
        Random random = new Random(2);
        ModelFile m = new ModelFile(13).input("x", -1, 3, 12, 12);
        m.floats("w1", shape(8, 3, 3, 3), gaussian(random, 216))
                .floats("w2", shape(8, 1, 3, 3), gaussian(random, 72))
                .floats("three", shape(), 3)
                .floats("zero", shape(), 0)
                .floats("six", shape(), 6)
                .node(
                        "Conv",
                        "conv1",
                        List.of("x", "w1"),
                        Attribute.integers("strides", 2, 2),
                        Attribute.integers("pads", 0, 0, 1, 1));
        batchNorm(m, random, "bn1", "conv1", 8)
                .node("Add", "shifted", List.of("bn1", "three"))
                .node("Clip", "clipped", List.of("shifted", "zero", "six"))
                .node("Mul", "product", List.of("bn1", "clipped"))
                .node("Div", "swish", List.of("product", "six"))
                .node(
                        "Conv",
                        "conv2",
                        List.of("swish", "w2"),
                        Attribute.integer("group", 8),
                        Attribute.text("auto_pad", "SAME_UPPER"));
        batchNorm(m, random, "bn2", "conv2", 8).node("Clip", "relu6", List.of("bn2", "zero", "six"));
        gate(m, random);
        shuffle(m);
        m.integers("halves", 4, 4)
                .node(
                        "Split",
                        "",
                        List.of("left", "right"),
                        List.of("shuffled", "halves"),
                        Attribute.integer("axis", 1))
                .node(
                        "AveragePool",
                        "average",
                        List.of("left"),
                        Attribute.integers("kernel_shape", 3, 3),
                        Attribute.integers("pads", 1, 1, 1, 1))
                .node("Concat", "joined", List.of("average", "right"), Attribute.integer("axis", 1))
                .floats("scales", shape(4), 1, 1, 2, 2)
                .node(
                        "Resize",
                        "larger",
                        List.of("joined", "", "scales"),
                        Attribute.text("mode", "linear"),
                        Attribute.text("coordinate_transformation_mode", "half_pixel"))
                .integers("starts", 1, 0)
                .integers("ends", Long.MAX_VALUE, -1)
                .integers("axes", 2, 3)
                .node("Slice", "sliced", List.of("larger", "starts", "ends", "axes"))
                .node(
                        "ReduceMean",
                        "pooled",
                        List.of("sliced"),
                        Attribute.integers("axes", 2, 3),
                        Attribute.integer("keepdims", 0))
                .floats("w5", shape(8, 5), gaussian(random, 40))
                .floats("b5", shape(5), gaussian(random, 5))
                .node("MatMul", "features", List.of("pooled", "w5"))
                .node("Add", "logits", List.of("features", "b5"));
        return m.output("logits");
    }

    /** Squeeze and excitation, and pooling in ceil mode. */
    private static void gate(ModelFile m, Random random) {
        m.node("GlobalAveragePool", "squeezed", List.of("relu6"))
                .floats("w3", shape(4, 8, 1, 1), gaussian(random, 32))
                .floats("b3", shape(4), gaussian(random, 4))
                .floats("w4", shape(8, 4, 1, 1), gaussian(random, 32))
                .floats("b4", shape(8), gaussian(random, 8))
                .node("Conv", "reduced", List.of("squeezed", "w3", "b3"))
                .node("Relu", "excited", List.of("reduced"))
                .node("Conv", "expanded", List.of("excited", "w4", "b4"))
                .node("HardSigmoid", "gate", List.of("expanded"), Attribute.real("alpha", 1 / 6f))
                .node("Mul", "gated", List.of("relu6", "gate"))
                .node(
                        "MaxPool",
                        "pool",
                        List.of("gated"),
                        Attribute.integers("kernel_shape", 3, 3),
                        Attribute.integers("strides", 2, 2),
                        Attribute.integer("ceil_mode", 1));
    }

    /** Channel shuffle as PyTorch spells it out for a batch of any size. */
    private static void shuffle(ModelFile m) {
        m.integersOfShape("zero_index", shape(), 0)
                .integersOfShape("two_index", shape(), 2)
                .integersOfShape("three_index", shape(), 3)
                .integers("axis0", 0)
                .integers("groups", 2)
                .integers("per_group", 4)
                .integers("rest", -1)
                .node("Shape", "size", List.of("pool"));
        for (String axis : List.of("zero", "two", "three")) {
            m.node("Gather", axis + "_size", List.of("size", axis + "_index"))
                    .node("Unsqueeze", axis + "_length", List.of(axis + "_size", "axis0"));
        }
        Attribute alongZero = Attribute.integer("axis", 0);
        m.node(
                        "Concat",
                        "split_shape",
                        List.of("zero_length", "groups", "per_group", "two_length", "three_length"),
                        alongZero)
                .node("Reshape", "grouped", List.of("pool", "split_shape"))
                .node("Transpose", "swapped", List.of("grouped"), Attribute.integers("perm", 0, 2, 1, 3, 4))
                .node("Concat", "join_shape", List.of("zero_length", "rest", "two_length", "three_length"), alongZero)
                .node("Reshape", "shuffled", List.of("swapped", "join_shape"));
    }

    private static List<String> in() {
        return List.of("bn");
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
