package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.DataType;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizedNetworkTest {

    private static final CifarResNet ARCHITECTURE = new CifarResNet(8, Shortcut.A, 10);
    private static final HostTensor IMAGES = images();
    private static final QuantizedNetwork QUANTIZED = new PostTrainingQuantizer(
                    QuantizationSettings.of(3, 5).withRange(RangeMethod.SAMPLE_MEAN))
            .quantize(network(1), List.of(IMAGES), ProgressListener.NONE);

    private static Graph network(int seed) {
        return ARCHITECTURE.build(CifarResNet.randomInitialisation(new Random(seed)));
    }

    private static HostTensor images() {
        Random random = new Random(2);
        float[] values = new float[4 * 3 * 32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(new long[] {4, 3, 32, 32}, values);
    }

    private static float[] logits(QuantizedNetwork network) {
        try (Interpreter interpreter = new Interpreter(network.graph());
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(IMAGES.values(), IMAGES.shape()), network.tap())
                    .toFloats();
        }
    }

    @Test
    void shouldGiveTheSameLogitsAfterSavingAndLoading() {
        byte[] file = QUANTIZED.toSafetensors();

        QuantizedNetwork loaded = QuantizedNetwork.fromSafetensors(Safetensors.parse(file), network(99));

        assertThat(loaded).isEqualTo(QUANTIZED);
        assertThat(logits(loaded)).isEqualTo(logits(QUANTIZED));
        assertThat(loaded.toSafetensors()).isEqualTo(file);
    }

    @Test
    void shouldWriteIntegersScalesZeroPointsAndRanges() {
        Safetensors file = Safetensors.parse(QUANTIZED.toSafetensors());

        assertThat(file.metadata())
                .containsEntry("format", "dsg-quantized-network/1")
                .containsEntry("target", "reference")
                .containsEntry("weight_bits", "3")
                .containsEntry("activation_bits", "5")
                .containsEntry("range_method", "sample-mean");
        assertThat(file.type("layer1.0.conv1.weight")).isEqualTo(DataType.I8);
        assertThat(file.shape("layer1.0.conv1.weight")).containsExactly(16, 16, 3, 3);
        assertThat(file.bytes("layer1.0.conv1.weight")).contains(-4, 3);
        assertThat(file.shape("layer1.0.conv1.weight.scale")).containsExactly(16);
        assertThat(file.shape("layer1.0.conv1.weight.zero_point")).containsExactly(16);
        assertThat(file.floats("activation.layer1.0.relu2.range").values()[1]).isPositive();
        assertThat(file.floats("bn1.running_var"))
                .isEqualTo(QUANTIZED.graph().initializers().get("bn1.running_var"));
    }

    @Test
    void shouldStoreTheIntegersOfItsWeights() {
        QuantizedWeight weight = QUANTIZED.weights().get("conv1.weight");

        HostTensor values = QUANTIZED.graph().initializers().get("conv1.weight");
        float scale = weight.quantizer().scale().values()[0];
        float zeroPoint = weight.quantizer().zeroPoint().values()[0];

        assertThat(values.values()[4]).isEqualTo((weight.integers()[4] + zeroPoint) / scale);
    }

    /** A file's content, to be spoilt. */
    private static final class Content {
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final Map<String, HostTensor> floats = new LinkedHashMap<>();
        private final Map<String, byte[]> integers = new LinkedHashMap<>();
        private final Map<String, long[]> shapes = new LinkedHashMap<>();

        Content(Safetensors file) {
            metadata.putAll(file.metadata());
            for (String name : file.names()) {
                if (file.type(name) == DataType.I8) {
                    integers.put(name, file.bytes(name));
                    shapes.put(name, file.shape(name));
                } else {
                    floats.put(name, file.floats(name));
                }
            }
        }

        void vector(String name, float... values) {
            floats.put(name, new HostTensor(new long[] {values.length}, values));
        }

        Safetensors file() {
            SafetensorsWriter writer = new SafetensorsWriter();
            metadata.forEach(writer::metadata);
            floats.forEach(writer::floats);
            integers.forEach((name, bytes) -> writer.int8(name, shapes.get(name), bytes));
            return Safetensors.parse(writer.toBytes());
        }
    }

    private static void assertRefused(Consumer<Content> spoil, String message) {
        Content content = new Content(Safetensors.parse(QUANTIZED.toSafetensors()));
        spoil.accept(content);
        assertThatThrownBy(() -> QuantizedNetwork.fromSafetensors(content.file(), network(1)))
                .isInstanceOf(EngineException.class)
                .hasMessage(message)
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(Kind.CORRUPT_FILE);
    }

    @Test
    void shouldReadAFileThatIsNotSpoilt() {
        Content content = new Content(Safetensors.parse(QUANTIZED.toSafetensors()));

        assertThat(QuantizedNetwork.fromSafetensors(content.file(), network(1))).isEqualTo(QUANTIZED);
    }

    @Test
    void shouldRefuseIntegersOutsideTheGrid() {
        assertRefused(c -> c.integers.get("conv1.weight")[7] = 4, "tensor conv1.weight is 4, expected -4..3");
        assertRefused(c -> c.integers.get("conv1.weight")[7] = -5, "tensor conv1.weight is -5, expected -4..3");
    }

    @ParameterizedTest
    @CsvSource({"bn1.weight", "linear.weight.scale", "conv1.weight.zero_point", "activation.relu1.range"})
    void shouldRefuseAMissingTensor(String name) {
        Content content = new Content(Safetensors.parse(QUANTIZED.toSafetensors()));
        content.floats.remove(name);

        assertThatThrownBy(() -> QuantizedNetwork.fromSafetensors(content.file(), network(1)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("tensor " + name + " is missing");
    }

    @Test
    void shouldRefuseATensorTheNetworkHasNoUseFor() {
        assertRefused(c -> c.vector("spare", 1), "tensor spare is present, expected only tensors of the network");
    }

    @Test
    void shouldRefuseWrongShapes() {
        assertRefused(c -> c.vector("bn1.weight", 1, 2), "tensor bn1.weight shape is [2], expected [16]");
        assertRefused(
                c -> c.shapes.put("linear.weight", new long[] {64, 10}),
                "tensor linear.weight shape is [64, 10], expected [10, 64]");
    }

    @Test
    void shouldRefuseAFloatWeight() {
        assertRefused(
                c -> {
                    c.integers.remove("linear.weight");
                    c.floats.put("linear.weight", network(1).initializers().get("linear.weight"));
                },
                "tensor linear.weight type is F32, expected I8");
    }

    @Test
    void shouldRefuseScalesZeroPointsAndRangesThatMakeNoSense() {
        assertRefused(
                c -> c.floats.get("linear.weight.scale").values()[3] = 0,
                "tensor linear.weight.scale is 0.0, expected above 0");
        assertRefused(
                c -> c.floats.get("linear.weight.zero_point").values()[3] = 0.5f,
                "tensor linear.weight.zero_point is 0.5, expected a whole number");
        assertRefused(c -> c.floats.get("bn1.bias").values()[3] = Float.NaN, "tensor bn1.bias is NaN, expected finite");
        assertRefused(
                c -> c.vector("activation.relu1.range", 1, -1),
                "activation.relu1.range is [1.0, -1.0], expected two finite numbers, the lower first");
    }

    @Test
    void shouldRefuseMetadataOfOtherFiles() {
        assertRefused(c -> c.metadata.remove("format"), "metadata format is missing, expected dsg-quantized-network/1");
        assertRefused(
                c -> c.metadata.put("target", "moon"),
                "metadata target is moon, expected one of [reference, onnxruntime]");
        assertRefused(c -> c.metadata.put("weight_bits", "9"), "metadata weight_bits is 9, expected 2..8");
        assertRefused(c -> c.metadata.remove("activation_bits"), "metadata activation_bits is missing, expected 2..8");
        assertRefused(
                c -> c.metadata.put("range_method", "guess"),
                "metadata range_method is guess, expected one of [sample-mean, min-max, percentile, mse]");
    }

    @Test
    void shouldTakeAFileThatNamesNoTargetForOneOfTheReferencePolicy() {
        Content content = new Content(Safetensors.parse(QUANTIZED.toSafetensors()));
        content.metadata.remove("target");

        assertThat(QuantizedNetwork.fromSafetensors(content.file(), network(1))).isEqualTo(QUANTIZED);
    }

    @ParameterizedTest
    @CsvSource({"REFERENCE, layer3.0.relu2", "ONNXRUNTIME, pool"})
    void shouldGiveTheFirstAndTheLastLayerAWidthOfTheirOwn(Target target, String readByLast) {
        QuantizedNetwork network = new PostTrainingQuantizer(
                        QuantizationSettings.of(target, 3, 4).withEdgeBits(7))
                .quantize(network(1), List.of(IMAGES), ProgressListener.NONE);

        network.weights().forEach((name, weight) -> {
            boolean edge = name.equals("conv1.weight") || name.equals("linear.weight");
            assertThat(weight.quantizer().bits()).as(name).isEqualTo(new BitWidth(edge ? 7 : 3));
        });
        assertThat(network.edges().get(readByLast).bits()).isEqualTo(new BitWidth(7));
        assertThat(network.edges().get("layer1.0.relu1").bits()).isEqualTo(new BitWidth(4));
        Safetensors file = Safetensors.parse(network.toSafetensors());
        assertThat(file.metadata()).containsEntry("weight_bits.linear.weight", "7");
        assertThat(QuantizedNetwork.fromSafetensors(file, network(99))).isEqualTo(network);
    }

    @Test
    void shouldQuantizeACopyOfWhatTheCallerHandsIn() {
        QuantizedNetwork network = new PostTrainingQuantizer(QuantizationSettings.of(Target.ONNXRUNTIME, 8, 8))
                .quantize(network(1), List.of(IMAGES), ProgressListener.NONE);
        try (Interpreter interpreter = new Interpreter(network.graph());
                Scope _ = Scope.open()) {
            Tensor images = Tensor.of(IMAGES.values(), IMAGES.shape());

            interpreter.run(images, network.tap());

            assertThat(network.ranges()).containsKey("input");
            assertThat(images.toFloats()).isEqualTo(IMAGES.values());
        }
    }
}
