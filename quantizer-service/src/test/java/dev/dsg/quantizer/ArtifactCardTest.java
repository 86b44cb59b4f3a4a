package dev.dsg.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.Architectures;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.SmallWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In the service's own class loader, for a process loads the native library but once. */
@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class ArtifactCardTest {

    @Test
    void shouldTellWhoeverHasOnlyTheFileHowToUseIt() {
        // Given
        var spec = SmallWorld.job("j1", "\"target\": \"onnxruntime\", \"edgeBits\": 8");
        var weights = ObjectRef.of(StoreLayout.spec(spec.jobId()), SmallWorld.weights());
        var model = SmallWorld.card(SmallWorld.MODEL, SmallWorld.ARCHITECTURE, weights);
        Graph graph = Architectures.build(SmallWorld.ARCHITECTURE, 10, Safetensors.parse(SmallWorld.weights()));
        var batch = SmallWorld.batch(spec, 0);
        var network = new PostTrainingQuantizer(Settings.of(spec))
                .quantize(graph, List.of(batch.images()), ProgressListener.NONE);
        var images = ObjectRef.of(StoreLayout.batch(spec.jobId(), 0), batch.toSafetensors());
        var onnx = ObjectRef.of(StoreLayout.onnx(spec.jobId()), network.toOnnx(Shape.of(3, 32, 32)));

        // When
        var text = new ArtifactCard(spec, model, network, List.of(images), null, onnx).toMarkdown();

        // Then
        var input = graph.nodes(Op.Input.class).getFirst().name();
        assertThat(text)
                .startsWith("# small-model, W4A4\n\nThe network `small-model` with integer weights of 4.02 bits")
                .contains(
                        "images that dsg synthesised",
                        "Made for ONNX Runtime",
                        "| input | `" + input + "` | float32 | `[batch, 3, 32, 32]` |",
                        "mean [0.5, 0.5, 0.5] and std [0.5, 0.5, 0.5]",
                        "class0, class1",
                        "| `conv1.weight` | convolution | `[16, 3, 3, 3]` | 8 |",
                        "| `layer1.0.conv1.weight` | convolution | `[16, 16, 3, 3]` | 4 |",
                        "| fully connected | `[10, 64]` | 8 |",
                        "session.run(None, {\"" + input + "\": x})",
                        "new long[] {1, 3, 32, 32}",
                        "| network | `" + weights.sha256() + "` |",
                        "| images | `" + images.sha256() + "` |",
                        "| `quantized.onnx` | `" + onnx.sha256() + "` |")
                .doesNotContain("j1");
    }
}
