package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReconstructionTest {

    private static final BitWidth THREE = new BitWidth(3);
    private static final Graph NETWORK =
            new CifarResNet(8, Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    private static final List<HostTensor> IMAGES =
            List.of(HostTensors.random(1, 8, 3, 8, 8), HostTensors.random(2, 4, 3, 8, 8));

    private static QuantizedNetwork quantize(RoundingMethod method) {
        return quantize(Target.REFERENCE, method);
    }

    private static Reconstruction named(String name, int iterations) {
        return ((Reconstruction) RoundingMethod.named(name, 7)).withIterations(iterations);
    }

    private static QuantizedNetwork quantize(Target target, RoundingMethod method) {
        return new PostTrainingQuantizer(QuantizationSettings.of(target, 3, 3).withRounding(method))
                .quantize(NETWORK, IMAGES, ProgressListener.NONE);
    }

    private static double error(QuantizedNetwork quantized) {
        double error = 0;
        float[] expected = logits(NETWORK, Tap.NONE);
        float[] actual = logits(quantized.graph(), quantized.tap());
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
        }
        return error;
    }

    private static float[] logits(Graph graph, Tap tap) {
        HostTensor batch = IMAGES.getFirst();
        try (Interpreter interpreter = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return interpreter
                    .run(Tensor.of(batch.values(), batch.shape()).channelsLast(), tap)
                    .toFloats();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "REFERENCE, adaround",
        "REFERENCE, brecq",
        "REFERENCE, qdrop",
        "ONNXRUNTIME, brecq",
        "ONNXRUNTIME, qdrop"
    })
    void shouldComeCloserToTheNetworkThanNearestRounding(Target target, String name) {
        QuantizedNetwork nearest = quantize(target, RoundingMethod.NEAREST);

        QuantizedNetwork learned = quantize(target, named(name, 60));

        assertThat(error(learned)).isLessThan(0.5 * error(nearest));
        nearest.weights().forEach((weight, onGrid) -> {
            assertThat(learned.weights().get(weight).quantizer()).isEqualTo(onGrid.quantizer());
            assertThat(learned.weights().get(weight)).isNotEqualTo(onGrid);
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldRoundToOneOfTheTwoNeighbours(Target target) {
        QuantizedNetwork learned = quantize(target, named("brecq", 8));

        Graph prepared = target.policy().prepare(NETWORK);
        learned.weights().forEach((name, weight) -> {
            float[] scaled = weight.quantizer().scaled(prepared.initializers().get(name));
            for (int i = 0; i < scaled.length; i++) {
                float withinEnds = Math.clamp(scaled[i], THREE.lowest(), THREE.highest());
                assertThat(Math.abs(weight.integers()[i] - withinEnds)).isLessThan(1);
            }
        });
    }

    @Test
    void shouldLearnRangesWhereItShall() {
        QuantizedNetwork joint = quantize(named("qdrop", 8));
        QuantizedNetwork frozen = quantize(with(named("qdrop", 8), 32, 0, Long.MAX_VALUE, 7));
        QuantizedNetwork afterwards = quantize(named("brecq", 8));
        QuantizedNetwork calibrated = quantize(with(named("brecq", 8), 32, 0, Long.MAX_VALUE, 7));

        assertThat(frozen.ranges())
                .isEqualTo(quantize(RoundingMethod.NEAREST).ranges())
                .isNotEqualTo(joint.ranges());
        assertThat(afterwards.weights()).isEqualTo(calibrated.weights());
        assertThat(afterwards.ranges()).isNotEqualTo(calibrated.ranges());
    }

    @Test
    void shouldLearnOneRangeForValuesOnOneGrid() {
        QuantizedNetwork calibrated = quantize(Target.ONNXRUNTIME, RoundingMethod.NEAREST);

        QuantizedNetwork learned = quantize(Target.ONNXRUNTIME, named("qdrop", 8));

        assertThat(learned.ranges()).containsOnlyKeys(calibrated.ranges().keySet());
        learned.edges().forEach((node, edge) -> assertThat(learned.ranges().get(node))
                .as(node)
                .isEqualTo(learned.ranges().get(edge.observed())));
        assertThat(learned.ranges().get("layer2.0.bn2"))
                .isNotEqualTo(calibrated.ranges().get("layer2.0.bn2"));
        assertThat(learned.ranges().get("flatten")).isEqualTo(learned.ranges().get("pool"));
    }

    private static Reconstruction with(
            Reconstruction r, int batchSize, double rangeLearningRate, long memoryBytes, long seed) {
        return new Reconstruction(
                r.unit(),
                r.activations(),
                r.dropProbability(),
                r.iterations(),
                batchSize,
                r.learningRate(),
                rangeLearningRate,
                r.regularization(),
                memoryBytes,
                seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"brecq", "qdrop"})
    void shouldGiveTheSameBytesForTheSameSeedWhateverTheThreads(String name) {
        Reconstruction settings = with(named(name, 4), 4, 1e-3, Long.MAX_VALUE, 1);
        byte[] expected = quantize(settings).toSafetensors();
        int usual = JniUtils.getNumThreads();
        try {
            JniUtils.setNumThreads(usual + 2);

            assertThat(quantize(settings).toSafetensors()).isEqualTo(expected);
        } finally {
            JniUtils.setNumThreads(usual);
        }
        assertThat(quantize(with(settings, 4, 1e-3, Long.MAX_VALUE, 2)).toSafetensors())
                .isNotEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"brecq", "qdrop"})
    void shouldGiveTheSameBytesWhateverTheMemory(String name) {
        byte[] ample = quantize(named(name, 4)).toSafetensors();

        byte[] spilled = quantize(named(name, 4).withMemoryBytes(60_000)).toSafetensors();

        assertThat(spilled).isEqualTo(ample);
    }

    @ParameterizedTest
    @CsvSource({"adaround, 32", "brecq, 22", "qdrop, 17"})
    void shouldTellOfEveryStep(String name, int steps) {
        // 2 batches; 3 iterations of 10 layers or 5 blocks; 1 of ranges for BRECQ.
        List<Integer> told = new ArrayList<>();

        new PostTrainingQuantizer(QuantizationSettings.of(3, 3).withRounding(named(name, 3)))
                .quantize(NETWORK, IMAGES, (done, total) -> {
                    assertThat(total).isEqualTo(steps);
                    told.add(done);
                });

        assertThat(told).isSorted().last().isEqualTo(steps);
    }

    @Test
    void shouldKnowTheMethodsByName() {
        assertThat(RoundingMethod.NAMES)
                .allSatisfy(name -> assertThat(RoundingMethod.named(name, 1)).isNotNull());
        assertThat(RoundingMethod.named("nearest", 1)).isEqualTo(RoundingMethod.NEAREST);
        assertThat(RoundingMethod.named("qdrop", 1)).isEqualTo(Reconstruction.qdrop(1));
        assertThatThrownBy(() -> RoundingMethod.named("up", 1))
                .isInstanceOf(EngineException.class)
                .hasMessage("rounding is up, expected one of [nearest, squant, adaround, brecq, qdrop]");
    }

    @Test
    void shouldRefuseSettingsOutsideTheirBounds() {
        refuse("iterations is 0, expected at least 1", r -> r.withIterations(0));
        refuse("rangeLearningRate is -1.0, expected at least 0", r -> with(r, 1, -1, 1, 1));
        refuse("memoryBytes is 0, expected at least 1", r -> with(r, 1, 0, 0, 1));
    }

    private static void refuse(String message, UnaryOperator<Reconstruction> change) {
        assertThatThrownBy(() -> change.apply(Reconstruction.qdrop(1)))
                .isInstanceOf(EngineException.class)
                .hasMessage(message);
    }
}
