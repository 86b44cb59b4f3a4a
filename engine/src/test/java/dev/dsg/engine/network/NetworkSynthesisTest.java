package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.synthesis.SyntheticBatch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of a job through the engine for networks with depthwise and grouped convolutions, shuffles and biases. */
class NetworkSynthesisTest {

    @ParameterizedTest
    @ValueSource(strings = {"mobilenetv2", "shufflenet-g3", "squeezenext23-w1"})
    void shouldBeQuantizedWithImagesOfItsOwn(String architecture) {
        // Given
        Graph graph = Architectures.networks(architecture, 10).getFirst().build(new FormulaSource());
        SynthesisSettings settings = new SynthesisSettings(Initialization.GAUSSIAN, 2, 0.1, 100, 0.9, 1, 0);

        // When
        SyntheticBatch batch;
        try (Synthesizer synthesizer = new Synthesizer(graph, 3, 32, 32)) {
            assertThat(synthesizer.layers())
                    .isEqualTo(graph.nodes(Op.BatchNorm.class).size());
            batch = synthesizer.synthesize(
                    settings,
                    synthesizer.probe(0.9, Statistics.IMAGE, 4, ProgressListener.NONE),
                    1,
                    0,
                    0,
                    2,
                    ProgressListener.NONE);
        }
        QuantizedNetwork quantized = new PostTrainingQuantizer(QuantizationSettings.of(8, 8))
                .quantize(graph, List.of(batch.images()), ProgressListener.NONE);

        // Then
        assertThat(batch.diagnostics().get("loss.last")).isFinite();
        assertThat(QuantizedNetwork.fromSafetensors(Safetensors.parse(quantized.toSafetensors()), graph)
                        .graph())
                .isEqualTo(quantized.graph());
    }

    @Test
    void shouldServeANetworkOfOneChannel() {
        // Given a network for grey images of 28 x 28, and such images
        Graph graph =
                new CifarResNet(20, CifarResNet.Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(1)));
        String first = graph.weighted().getFirst().parameters().getFirst();
        graph = graph.with(Map.of(first, firstChannel(graph.initializers().get(first))));
        SynthesisSettings settings = new SynthesisSettings(Initialization.GAUSSIAN, 2, 0.1, 100, 0.9, 1, 0);
        byte[] pixels = new byte[12 * 28 * 28];
        new Random(2).nextBytes(pixels);
        ImageSet images = new ImageSet(28, 28, 1, pixels, new int[12]);

        // When
        SyntheticBatch batch;
        try (Synthesizer synthesizer = new Synthesizer(graph, 1, 28, 28)) {
            batch = synthesizer.synthesize(
                    settings,
                    synthesizer.probe(0.9, Statistics.IMAGE, 4, ProgressListener.NONE),
                    1,
                    0,
                    0,
                    2,
                    ProgressListener.NONE);
        }
        QuantizedNetwork quantized = new PostTrainingQuantizer(QuantizationSettings.of(8, 8))
                .quantize(graph, List.of(batch.images()), ProgressListener.NONE);

        // Then
        assertThat(batch.images().shape()).containsExactly(2, 1, 28, 28);
        Predictions before = predictions(graph, Tap.NONE, images);
        Predictions after = predictions(quantized.graph(), quantized.tap(), images);
        assertThat(before.agreement(after)).isGreaterThan(0.8);
    }

    private static Predictions predictions(Graph graph, Tap tap, ImageSet images) {
        Preprocessing preprocessing = new Preprocessing(new float[] {0.5f}, new float[] {0.25f});
        try (Interpreter network = new Interpreter(graph)) {
            return Evaluator.predict(network, tap, images, preprocessing, 6, ProgressListener.NONE);
        }
    }

    private static HostTensor firstChannel(HostTensor kernel) {
        int size = kernel.size(2) * kernel.size(3);
        float[] values = new float[kernel.size(0) * size];
        for (int i = 0; i < kernel.size(0); i++) {
            System.arraycopy(kernel.values(), i * kernel.size(1) * size, values, i * size, size);
        }
        return new HostTensor(new long[] {kernel.size(0), 1, kernel.size(2), kernel.size(3)}, values);
    }
}
