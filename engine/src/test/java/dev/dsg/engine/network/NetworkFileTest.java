package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkFileTest {

    private static final Shape INPUT = Shape.of(3, 32, 32);
    private static final NetworkFile WEIGHTS = new NetworkFile(Optional.of("resnet20-cifar"), INPUT, 10);
    private static final NetworkFile ONNX = new NetworkFile(Optional.empty(), INPUT, 10);
    private static final Graph NETWORK =
            Architectures.networks("resnet20-cifar", 10).getFirst().build(new FormulaSource());
    private static final HostTensor IMAGES = new FormulaSource().get("input", 2, 3, 32, 32);

    @Test
    void shouldReadTheSameNetworkFromWeightsAndFromOnnx() {
        SafetensorsWriter weights = new SafetensorsWriter();
        NETWORK.initializers().forEach(weights::floats);

        Graph built = WEIGHTS.read(weights.toBytes());
        Graph imported = ONNX.read(OnnxExport.float32(NETWORK, INPUT));

        assertThat(built).isEqualTo(NETWORK);
        assertThat(imported.nodes(Op.BatchNorm.class)).hasSize(21);
        assertThat(logits(imported, Tap.NONE)).containsExactly(logits(built, Tap.NONE), within(1e-4f));
    }

    @Test
    void shouldRefuseANetworkThatIsNotTheOneOfTheCard() {
        byte[] onnx = OnnxExport.float32(NETWORK, INPUT);

        assertRefused(new NetworkFile(Optional.empty(), INPUT, 11), onnx, "is [batch, 10], expected [batch, 11]");
        assertRefused(
                new NetworkFile(Optional.empty(), Shape.of(3, 32, 16), 10),
                onnx,
                "input input is [batch, 3, 32, 16], expected what the file says, [?, 3, 32, 32]");
    }

    @Test
    void shouldRefuseVariancesBelowZero() {
        // Given
        String name = "layer2.1.bn1.running_var";
        float[] variances = NETWORK.initializers().get(name).values().clone();
        variances[3] = -0.5f;
        SafetensorsWriter weights = new SafetensorsWriter();
        NETWORK.with(Map.of(name, new HostTensor(new long[] {variances.length}, variances)))
                .initializers()
                .forEach(weights::floats);

        // Then
        assertThatThrownBy(() -> WEIGHTS.read(weights.toBytes()))
                .hasMessage("tensor " + name + " is -0.5, expected running variances, none below 0");
    }

    @Test
    void shouldNameTheNodeThatFailsATrialRun() {
        // Given weights that are finite, but not what becomes of them
        float[] huge = new float[16];
        Arrays.fill(huge, Float.MAX_VALUE);
        Graph graph = NETWORK.with(Map.of("bn1.weight", new HostTensor(new long[] {16}, huge)));

        // Then
        TrialRun.of(NETWORK, INPUT);
        assertThatThrownBy(() -> TrialRun.of(graph, INPUT))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.field()).isEqualTo("node bn1"));
    }

    /** The counts that are published for ResNet-18: 11.7 million parameters, 1.8 billion multiply-adds. */
    @Test
    void shouldCountWhatANetworkCosts() {
        Graph graph = Architectures.networks("resnet18", 1000).getFirst().build(new FormulaSource());

        NetworkProfile profile = NetworkProfile.of(graph, Architectures.input("resnet18"));

        assertThat(profile.batchNorms()).isEqualTo(20);
        assertThat(profile.parameters()).isEqualTo(11_689_512);
        assertThat(profile.multiplyAdds()).isEqualTo(1_814_073_344);
        assertThat(profile.layers().get(1))
                .isEqualTo(new NetworkProfile.Layer(
                        "conv1", "Conv 7x7, stride 2x2", Shape.of(64, 112, 112), 9_408, 118_013_952));
    }

    @Test
    void shouldKnowTheClassesOfAFileAndTheImagesOfAnArchitecture() {
        SafetensorsWriter weights = new SafetensorsWriter();
        NETWORK.initializers().forEach(weights::floats);

        assertThat(Architectures.classes("resnet20-cifar", Safetensors.parse(weights.toBytes())))
                .isEqualTo(10);
        assertThat(Architectures.input("resnet20-cifar")).isEqualTo(INPUT);
        assertThat(Architectures.input("inceptionv3")).isEqualTo(Shape.of(3, 299, 299));
    }

    /** What the quantizer writes can be read again whatever the network came from. */
    @ParameterizedTest
    @EnumSource
    void shouldQuantizeWhatItImported(Target target) {
        // Given
        Graph imported = ONNX.read(OnnxExport.float32(NETWORK, INPUT));
        PostTrainingQuantizer quantizer =
                new PostTrainingQuantizer(QuantizationSettings.of(target, 8, 8).withRange(RangeMethod.MIN_MAX));

        // When
        QuantizedNetwork quantized = quantizer.quantize(imported, List.of(IMAGES), ProgressListener.NONE);
        QuantizedNetwork read =
                QuantizedNetwork.fromSafetensors(Safetensors.parse(quantized.toSafetensors()), imported);

        // Then
        assertThat(logits(read.graph(), read.tap())).containsExactly(logits(quantized.graph(), quantized.tap()));
        assertThat(read.toOnnx(INPUT)).isEqualTo(quantized.toOnnx(INPUT));
    }

    private static void assertRefused(NetworkFile description, byte[] file, String message) {
        assertThatThrownBy(() -> description.read(file))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INCOMPATIBLE_SHAPES))
                .hasMessageContaining(message);
    }

    private static float[] logits(Graph graph, Tap tap) {
        try (Interpreter network = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return network.run(Tensor.of(IMAGES.values(), IMAGES.shape()), tap).toFloats();
        }
    }
}
