package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.format.onnx.OnnxRuntime;
import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture on its whole way, with random weights and images as small as it allows; ONNX Runtime judges. */
class NetworkExportTest {

    private static final int CLASSES = 10;
    private static final SynthesisSettings ONE_STEP =
            new SynthesisSettings(Initialization.GAUSSIAN, 1, 0.1, 100, 0.9, 1, 1);

    static Set<String> architectures() {
        return Architectures.names();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void shouldComputeInOnnxRuntimeAndReadAgainWhatItExports(String architecture) throws Exception {
        // Given
        Network network = Architectures.networks(architecture, CLASSES).getFirst();
        int side = smallest(network.side());
        Shape input = Shape.of(3, side, side);
        Graph graph = network.build(new FormulaSource());
        HostTensor images = new FormulaSource().get("input", 1, 3, side, side);

        // When
        byte[] file = OnnxExport.float32(graph, input);
        Graph again = new NetworkFile(Optional.empty(), input, CLASSES).read(file);
        Graph folded = new BatchNormFolding(0).fold(again);
        SyntheticBatch batch = synthesized(again, side);

        // Then
        assertThat(ShapeInference.infer(graph, input).get(graph.output().name()))
                .isEqualTo(Shape.of(CLASSES));
        float[] logits = logits(graph, images);
        assertAgreement(logits(again, images), logits);
        assertAgreement(logits(folded, images), logits);
        assertAgreement(inOnnxRuntime(file, images), logits);
        assertAgreement(inOnnxRuntime(OnnxExport.float32(folded, input), images), logits);
        assertThat(again.nodes(Op.BatchNorm.class)).hasSameSizeAs(graph.nodes(Op.BatchNorm.class));
        assertThat(batch.images().shape()).containsExactly(1, 3, side, side);
        assertThat(batch.diagnostics().get("loss.last")).isFinite();
    }

    /** The smallest image that keeps a pixel or more up to the last layer. */
    private static int smallest(int side) {
        return switch (side) {
            case 32 -> 32;
            case 299 -> 75;
            default -> 64;
        };
    }

    private static SyntheticBatch synthesized(Graph graph, int side) {
        try (Synthesizer synthesizer = new Synthesizer(graph, 3, side, side)) {
            return synthesizer.synthesize(
                    ONE_STEP,
                    synthesizer.probe(0.9, Statistics.IMAGE, 2, ProgressListener.NONE),
                    1,
                    0,
                    0,
                    1,
                    ProgressListener.NONE);
        }
    }

    /** Within a thousandth of the largest logit; random weights make logits of any size. */
    private static void assertAgreement(float[] actual, float[] logits) {
        float largest = 0;
        for (float logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        assertThat(largest).isFinite().isPositive();
        assertThat(actual).containsExactly(logits, within(1e-3f * largest));
    }

    private static float[] inOnnxRuntime(byte[] file, HostTensor images) throws Exception {
        try (OnnxRuntime runtime = new OnnxRuntime(file)) {
            return runtime.run(images).values();
        }
    }

    private static float[] logits(Graph graph, HostTensor images) {
        try (Interpreter network = new Interpreter(graph);
                Scope _ = Scope.open()) {
            return network.run(Tensor.of(images.values(), images.shape())).toFloats();
        }
    }
}
