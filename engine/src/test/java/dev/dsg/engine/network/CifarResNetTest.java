package dev.dsg.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CifarResNetTest {

    /** He et al., 2016, table 6: 0.27, 0.46, 0.66, 0.85 million; running statistics are counted here, too. */
    @ParameterizedTest
    @CsvSource({"20,A,271098,19", "32,A,466426,31", "44,A,661754,43", "56,A,857082,55", "20,B,274042,21"})
    void shouldHaveThePublishedSize(int depth, Shortcut shortcut, long values, int batchNorms) {
        Graph graph = build(depth, shortcut);

        assertThat(graph.parameterCount()).isEqualTo(values);
        assertThat(graph.nodes(Op.BatchNorm.class)).hasSize(batchNorms);
    }

    @ParameterizedTest
    @CsvSource({"20,A", "20,B", "8,B"})
    void shouldMapImagesToLogits(int depth, Shortcut shortcut) {
        try (Interpreter network = new Interpreter(build(depth, shortcut));
                Scope _ = Scope.open()) {
            assertThat(network.run(Tensor.zeros(2, 3, 32, 32)).shape()).containsExactly(2, 10);
        }
    }

    @Test
    void shouldRefuseADepthThatIsNone() {
        assertThatThrownBy(() -> new CifarResNet(21, Shortcut.A, 10)).hasMessageContaining("21");
    }

    @Test
    void shouldNameAnUnknownArchitecture() {
        assertThatThrownBy(() -> Architectures.build("resnet21-cifar", 10, file(build(20, Shortcut.B), "", 0)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("resnet21-cifar")
                .hasMessageContaining("resnet20-cifar");
    }

    @Test
    void shouldReadItsOwnWeights() {
        Graph graph = build(20, Shortcut.B);

        assertThat(Architectures.build("resnet20-cifar", 10, file(graph, "", 0)))
                .isEqualTo(graph);
    }

    @Test
    void shouldRefuseWeightsThatDoNotFit() {
        Graph graph = build(20, Shortcut.B);

        assertThatThrownBy(() -> Architectures.build("resnet20-cifar", 100, file(graph, "", 0)))
                .hasMessage("tensor linear.weight shape is [10, 64], expected [100, 64]");
        assertThatThrownBy(() -> Architectures.build("resnet20-cifar-a", 10, file(graph, "", 0)))
                .hasMessageContaining("downsample");
        assertThatThrownBy(() -> Architectures.build("resnet32-cifar", 10, file(graph, "", 0)))
                .hasMessageContaining("layer1.3.conv1.weight");
        assertThatThrownBy(() -> Architectures.build("resnet20-cifar", 10, file(graph, "bn1.bias", Float.NaN)))
                .hasMessage("tensor bn1.bias is NaN, expected finite values");
    }

    private static Graph build(int depth, Shortcut shortcut) {
        return new CifarResNet(depth, shortcut, 10).build(CifarResNet.randomInitialisation(new Random(1)));
    }

    private static Safetensors file(Graph graph, String spoiled, float value) {
        SafetensorsWriter writer = new SafetensorsWriter();
        graph.initializers().forEach((name, t) -> {
            float[] values = t.values().clone();
            values[0] = name.equals(spoiled) ? value : values[0];
            writer.floats(name, new HostTensor(t.shape(), values));
        });
        return Safetensors.parse(writer.toBytes());
    }
}
