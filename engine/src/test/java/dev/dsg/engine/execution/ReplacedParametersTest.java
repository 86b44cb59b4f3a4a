package dev.dsg.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplacedParametersTest {

    /** {@code y = 2 a + 3 b + 1}. */
    private static Graph affine() {
        GraphBuilder builder = new GraphBuilder(
                (name, shape) -> new HostTensor(shape, name.endsWith("bias") ? new float[] {1} : new float[] {2, 3}));
        builder.gemm("y", builder.input("x"), 2, 1);
        return builder.build();
    }

    @Test
    void shouldReadReplacedParametersAndLetGradientsReachThem() {
        try (Scope _ = Scope.open();
                Interpreter interpreter = new Interpreter(affine())) {
            Tensor x = Tensor.of(new float[] {10, 100}, 1, 2);
            Tensor weight = Tensor.of(new float[] {5, 7}, 1, 2).requireGradient();

            try (GradientScope gradients = GradientScope.open()) {
                Tensor y = interpreter.with(Map.of("y.weight", weight)).run(x);
                assertThat(y.item()).isEqualTo(10 * 5 + 100 * 7 + 1);
                gradients.backward(y);
            }

            assertThat(weight.gradient().toFloats()).containsExactly(10, 100);
            assertThat(interpreter.run(x).item()).isEqualTo(10 * 2 + 100 * 3 + 1);
        }
    }
}
