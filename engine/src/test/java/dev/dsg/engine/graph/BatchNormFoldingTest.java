package dev.dsg.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.engine.network.CifarResNet.Shortcut;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchNormFoldingTest {

    @ParameterizedTest
    @EnumSource(Shortcut.class)
    void shouldComputeTheSame(Shortcut shortcut) {
        // Given
        Graph graph = network(shortcut);

        // When
        Graph folded = new BatchNormFolding(0).fold(graph);

        // Then
        assertThat(folded.nodes(Op.BatchNorm.class)).isEmpty();
        float[] expected = run(graph);
        float[] actual = run(folded);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-3f * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void shouldLeaveALayerWithADeadChannel() {
        // Given
        Graph graph = network(Shortcut.B);
        float[] scale = graph.initializers().get("bn1.weight").values().clone();
        scale[3] = 0;
        Graph dead = graph.with(Map.of("bn1.weight", new HostTensor(new long[] {16}, scale)));

        // When
        Graph folded = new BatchNormFolding(1e-3).fold(dead);

        // Then
        assertThat(folded.nodes(Op.BatchNorm.class)).extracting(Node::name).containsExactly("bn1");
    }

    private static float[] run(Graph graph) {
        try (Interpreter network = new Interpreter(graph);
                Scope _ = Scope.open()) {
            float[] values = new float[2 * 3 * 32 * 32];
            Random random = new Random(3);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return network.run(Tensor.of(values, 2, 3, 32, 32)).toFloats();
        }
    }

    /** BatchNorms with parameters and statistics far from the initial ones. */
    private static Graph network(Shortcut shortcut) {
        Random random = new Random(2);
        GraphBuilder.Source initial = CifarResNet.randomInitialisation(random);
        return new CifarResNet(8, shortcut, 10).build((name, shape) -> {
            HostTensor t = initial.get(name, shape);
            if (shape.length == 1 && !name.startsWith("linear")) {
                for (int i = 0; i < t.values().length; i++) {
                    t.values()[i] += (float) (0.3 * random.nextDouble());
                }
            }
            return t;
        });
    }
}
