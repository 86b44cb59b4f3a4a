package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
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
}
