package dev.dsg.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LeastLossTest {

    @Test
    void shouldKeepTheImagesOfTheLeastLoss() {
        LeastLoss best = new LeastLoss();
        try (Scope _ = Scope.open()) {
            assertThat(best.images()).isEmpty();

            best.offer(3, Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 1, 2));
            best.offer(2, Tensor.of(new float[] {7, 8, 9, 10, 11, 12}, 1, 3, 1, 2));
            best.offer(50, Tensor.of(new float[6], 1, 3, 1, 2));

            Tensor kept = best.images().orElseThrow();
            assertThat(kept.shape()).containsExactly(1, 3, 1, 2);
            assertThat(kept.toFloats()).containsExactly(7, 8, 9, 10, 11, 12);
        }
    }
}
