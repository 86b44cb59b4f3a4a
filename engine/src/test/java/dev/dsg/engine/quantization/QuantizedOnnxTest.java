package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.network.Architectures;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What ONNX Runtime computes is what the interpreter predicts. */
class QuantizedOnnxTest {

    private static final Shape CIFAR = Shape.of(3, 32, 32);
    private static final Graph SHIPPED = Architectures.build(
            "resnet20-cifar",
            10,
            Safetensors.read(Path.of(System.getProperty("dsg.root"), "models/resnet20-cifar10/model.safetensors")));

    /** Those that are told apart here. */
    private static final List<String> OPERATIONS = List.of(
            "QLinearConv",
            "QLinearAdd",
            "QLinearGlobalAveragePool",
            "QGemm",
            "QuantizeLinear",
            "DequantizeLinear",
            "Conv",
            "FusedConv",
            "Gemm",
            "FusedGemm",
            "Add",
            "Relu",
            "Cast");

    private static QuantizedNetwork quantize(Graph network, int weightBits, int activationBits, Target target) {
        return new PostTrainingQuantizer(QuantizationSettings.of(target, weightBits, activationBits)
                        .withRange(RangeMethod.MIN_MAX))
                .quantize(network, List.of(pictures(1, 16)), ProgressListener.NONE);
    }

    /**
     * Smooth colours with some noise, which the shipped network sorts into many classes: waves of random direction,
     * length and colour.
     */
    private static HostTensor pictures(int seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count * 3 * 32 * 32];
        for (int image = 0; image < count; image++) {
            double contrast = 0.5 + random.nextDouble();
            double noise = 0.4 * random.nextDouble();
            for (int channel = 0; channel < 3; channel++) {
                double across = random.nextGaussian() / 6;
                double down = random.nextGaussian() / 6;
                double phase = 6 * random.nextDouble();
                double brightness = random.nextGaussian() / 2;
                for (int place = 0; place < 32 * 32; place++) {
                    double wave = Math.sin(across * (place % 32) + down * (place / 32) + phase);
                    values[(image * 3 + channel) * 32 * 32 + place] =
                            (float) (brightness + contrast * wave + noise * random.nextGaussian());
                }
            }
        }
        return new HostTensor(new long[] {count, 3, 32, 32}, values);
    }

    private static Predictions predicted(QuantizedNetwork network, HostTensor images) {
        try (Interpreter interpreter = new Interpreter(network.graph());
                Scope _ = Scope.open()) {
            Tensor logits = interpreter.run(Tensor.of(images.values(), images.shape()), network.tap());
            return new Predictions(new HostTensor(logits.shape(), logits.toFloats()));
        }
    }

    private static Predictions computed(byte[] model, HostTensor images) throws OrtException {
        try (OnnxRuntime runtime = new OnnxRuntime(model)) {
            return new Predictions(runtime.run(images));
        }
    }

    /** The root mean square of the differences of logits, over that of the logits. */
    private static double difference(Predictions a, Predictions b) {
        float[] left = a.logits().values();
        float[] right = b.logits().values();
        double differences = 0;
        double squares = 0;
        for (int i = 0; i < left.length; i++) {
            differences += Math.pow(left[i] - right[i], 2);
            squares += Math.pow(left[i], 2);
        }
        return Math.sqrt(differences / squares);
    }

    @ParameterizedTest
    @CsvSource({"8,8", "4,8"})
    void shouldClassifyInOnnxRuntimeAsPredicted(int weightBits, int activationBits) throws OrtException {
        QuantizedNetwork network = quantize(SHIPPED, weightBits, activationBits, Target.ONNXRUNTIME);
        HostTensor images = pictures(2, 400);

        Predictions predicted = predicted(network, images);
        Predictions computed = computed(network.toOnnx(CIFAR), images);

        assertThat(IntStream.range(0, 400).map(predicted::best).distinct().count())
                .isGreaterThanOrEqualTo(4);
        assertThat(computed.agreement(predicted)).isGreaterThanOrEqualTo(0.995);
        assertThat(difference(computed, predicted)).isLessThan(0.01);
    }

    @ParameterizedTest
    @CsvSource({"8,8", "4,8", "3,5"})
    void shouldLeaveNothingToFloatsButTheFirstAndLastStep(int weightBits, int activationBits, @TempDir Path folder)
            throws Exception {
        QuantizedNetwork network = quantize(SHIPPED, weightBits, activationBits, Target.ONNXRUNTIME);

        Map<String, Long> operations = optimized(network.toOnnx(CIFAR), folder);

        assertThat(operations)
                .containsEntry("QLinearConv", 21L)
                .containsEntry("QLinearAdd", 9L)
                .containsEntry("QLinearGlobalAveragePool", 1L)
                .containsEntry("QGemm", 1L)
                .containsEntry("QuantizeLinear", 1L)
                .doesNotContainKeys(
                        "Conv", "FusedConv", "Gemm", "FusedGemm", "Add", "Relu", "DequantizeLinear", "Cast");
    }

    /** How often ONNX Runtime runs each operation, once it has optimised {@code model}. */
    private static Map<String, Long> optimized(byte[] model, Path folder) throws OrtException, IOException {
        Path file = folder.resolve("optimized.onnx");
        new OnnxRuntime(model, file).close();
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Map<String, Long> operations = new LinkedHashMap<>();
        for (String type : OPERATIONS) {
            // Field 4 of a NodeProto: a tag, the length, the type.
            long count = bytes.split("\"" + (char) type.length() + type, -1).length - 1;
            if (count > 0) {
                operations.put(type, count);
            }
        }
        return operations;
    }

    @ParameterizedTest
    @CsvSource({"8,8", "4,4", "3,6"})
    void shouldWriteNetworksOfTheReferencePolicyToo(int weightBits, int activationBits) throws OrtException {
        QuantizedNetwork network = quantize(SHIPPED, weightBits, activationBits, Target.REFERENCE);
        HostTensor images = pictures(3, 100);

        Predictions predicted = predicted(network, images);

        assertThat(difference(computed(network.toOnnx(CIFAR), images), predicted))
                .isLessThan(0.01);
    }

    @Test
    void shouldSpellOutWhatHasNoEightBitZeroPointAndWhatWasSilent() throws OrtException {
        // Given weights and an activation far from 0, and an activation that calibration never saw
        QuantizedNetwork network = quantize(shifted(), 5, 5, Target.REFERENCE);
        Map<String, Range> ranges = new LinkedHashMap<>(network.ranges());
        ranges.put("relu1", new Range(2, 2.5f));
        ranges.put("layer1.0.relu1", Range.ZERO);
        QuantizedNetwork odd = new QuantizedNetwork(
                network.graph(),
                network.target(),
                network.weightBits(),
                network.activationBits(),
                network.rangeMethod(),
                network.weights(),
                ranges);
        HostTensor images = pictures(4, 20);

        // When
        byte[] model = odd.toOnnx(CIFAR);

        // Then
        assertThat(new String(model, StandardCharsets.ISO_8859_1))
                .contains("ReduceMax", "Round", "conv1.weight.floats");
        assertThat(difference(computed(model, images), predicted(odd, images))).isLessThan(1e-4);
    }

    @Test
    void shouldWriteEachWeightInItsOwnWidth() throws OrtException {
        QuantizationSettings settings =
                QuantizationSettings.of(Target.ONNXRUNTIME, 4, 8).withEdgeBits(6);
        QuantizedNetwork network =
                new PostTrainingQuantizer(settings).quantize(SHIPPED, List.of(pictures(1, 16)), ProgressListener.NONE);
        HostTensor images = pictures(4, 50);

        byte[] model = network.toOnnx(CIFAR);

        assertThat(difference(computed(model, images), predicted(network, images)))
                .isLessThan(0.01);
        int fourBits = quantize(SHIPPED, 4, 8, Target.ONNXRUNTIME).toOnnx(CIFAR).length;
        assertThat(model.length).isBetween(fourBits + (432 + 640) / 2, fourBits + 640);
    }

    private static Graph shifted() {
        HostTensor weight = SHIPPED.initializers().get("conv1.weight");
        float[] values = weight.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = 5 + values[i] / 10;
        }
        return SHIPPED.with(Map.of("conv1.weight", new HostTensor(weight.shape(), values)));
    }

    @ParameterizedTest
    @CsvSource({"8,8", "4,4"})
    void shouldRunBranchesPoolsAndGatesOnIntegers(int weightBits, int activationBits, @TempDir Path folder)
            throws Exception {
        QuantizedNetwork network = quantize(branches(), weightBits, activationBits, Target.ONNXRUNTIME);
        HostTensor images = pictures(5, 20);

        byte[] model = network.toOnnx(CIFAR);

        assertThat(difference(computed(model, images), predicted(network, images)))
                .isLessThan(0.01);
        assertThat(optimized(model, folder))
                .containsEntry("QLinearConv", 5L)
                .containsEntry("QuantizeLinear", 1L)
                .doesNotContainKeys("Conv", "FusedConv", "Gemm", "Relu");
    }

    /** Max pooling, two branches that are joined, a depthwise convolution before a clip, a gate, mean pooling. */
    private static Graph branches() {
        Random random = new Random(6);
        GraphBuilder g = new GraphBuilder((_, shape) -> {
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            double deviation = Math.sqrt(2.0 * shape[0] / values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
            return new HostTensor(shape, values);
        });
        Op.Conv three = new Op.Conv(1, 1, 1);
        g.conv("c1", g.input("x"), 3, 16, Size.square(3), three, true);
        g.add("pool", new Op.MaxPool(Window.square(3, 2, 1)), g.add("r1", new Op.Relu(), "c1"));
        g.add("a", new Op.Relu(), g.conv("ca", "pool", 16, 8, 1, 1, 0));
        g.add("b", new Op.Relu(), g.conv("cb", "pool", 16, 8, Size.square(3), three, true));
        g.add("shuffled", new Op.ChannelShuffle(2), g.add("joined", new Op.Concat(1), "a", "b"));
        g.conv("depthwise", "shuffled", 16, 16, Size.square(3), new Op.Conv(2, 1, 16), true);
        g.conv("c2", g.add("six", new Op.Clip(0, 6), "depthwise"), 16, 24, Size.square(1), new Op.Conv(1, 0, 1), true);
        g.add("gated", new Op.Mul(), "c2", g.add("gate", new Op.Sigmoid(), "c2"));
        g.add("mean", new Op.AveragePool(Window.square(3, 1, 1), true), "gated");
        g.gemm("linear", g.add("flat", new Op.Flatten(), g.add("gap", new Op.GlobalAveragePool(), "mean")), 24, 10);
        return g.build();
    }

    @Test
    void shouldBeSmall() {
        int floats = OnnxExport.float32(new BatchNormFolding(0).fold(SHIPPED), CIFAR).length;

        assertThat(quantize(SHIPPED, 8, 8, Target.ONNXRUNTIME).toOnnx(CIFAR).length)
                .isLessThan(floats * 30 / 100);
        assertThat(quantize(SHIPPED, 4, 8, Target.ONNXRUNTIME).toOnnx(CIFAR).length)
                .isLessThan(floats * 17 / 100);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteTheSameBytesForTheSameNetwork(Target target) {
        QuantizedNetwork network = quantize(SHIPPED, 4, 6, target);
        Safetensors file = Safetensors.parse(network.toSafetensors());

        byte[] model = network.toOnnx(CIFAR);

        assertThat(quantize(SHIPPED, 4, 6, target).toOnnx(CIFAR)).isEqualTo(model);
        assertThat(QuantizedNetwork.fromSafetensors(file, SHIPPED).toOnnx(CIFAR))
                .isEqualTo(model);
    }
}
