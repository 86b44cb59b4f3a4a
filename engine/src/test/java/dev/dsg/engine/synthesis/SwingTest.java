package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwingTest {

    /** Reflection does not repeat the edge: 1 2 3 is seen as 2 1 2 3 2. */
    @Test
    void shouldReflectWhatMovesInFromBeyondTheEdge() {
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);

            assertThat(Swing.moved(x, 3, -1).toFloats()).containsExactly(2, 1, 2, 5, 4, 5);
            assertThat(Swing.moved(x, 3, 0).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(Swing.moved(x, 3, 1).toFloats()).containsExactly(2, 3, 2, 5, 6, 5);
            assertThat(Swing.moved(x, 2, -1).toFloats()).containsExactly(4, 5, 6, 1, 2, 3);
            assertThat(Swing.moved(x.rows(0, 1).slice(2, 0, 1, 1), 2, 1).toFloats())
                    .containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldMoveWhatConvolutionsWithAStrideRead() {
        Swing swing = new Swing(new Random(1));
        try (Scope _ = Scope.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                Tensor moved = swing.before(conv(2), x);
                assertThat(moved.shape()).containsExactly(x.shape());
                seen.add(java.util.Arrays.toString(moved.toFloats()));
            }

            assertThat(seen).hasSize(9);
            assertThat(swing.before(conv(1), x)).isSameAs(x);
        }
    }

    @Test
    void shouldAgreeWithCentralDifferences() {
        float[] at = {1, -2, 3, 0.5f, 5, -6};
        NumericGradient.assertAgrees(
                x -> Swing.moved(Swing.moved(x, 2, 1), 3, -1).square().sum(), at, 1, 1, 2, 3);
    }

    private static Node conv(int stride) {
        return new Node("conv", new Op.Conv(stride, 1, 1), List.of("input"), List.of("weight"));
    }
}
