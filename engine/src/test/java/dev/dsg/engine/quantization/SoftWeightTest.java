package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SoftWeightTest {

    /** Scale 10, zero point 0: -0.8 to 0.7 in steps of 0.1. */
    private static final AffineQuantizer TENTHS = new AffineQuantizer(
            new BitWidth(4),
            new HostTensor(new long[] {1}, new float[] {10}),
            new HostTensor(new long[] {1}, new float[] {0}));

    private static SoftWeight soft(float... values) {
        return new SoftWeight(TENTHS, new HostTensor(new long[] {1, values.length}, values));
    }

    private static void descend(SoftWeight weight, Function<SoftWeight, Tensor> loss) {
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            gradients.backward(loss.apply(weight));
        }
        weight.step(0.1);
    }

    @Test
    void shouldStartUnchangedAndDecideForTheNearest() {
        try (Scope _ = Scope.open();
                SoftWeight weight = soft(0.12f, -0.17f, 0.699f, 0.36f)) {
            float[] start = weight.value().toFloats();

            assertThat(start).containsExactly(new float[] {0.12f, -0.17f, 0.699f, 0.36f}, within(1e-6f));
            assertThat(weight.decided().integers()).containsExactly(1, -2, 7, 4);
        }
    }

    @Test
    void shouldStayWithinTheIntegersOfTheWidth() {
        try (Scope _ = Scope.open();
                SoftWeight weight = soft(0.79f, -0.85f)) {
            assertThat(weight.value().toFloats()).containsExactly(new float[] {0.7f, -0.8f}, within(1e-6f));
            assertThat(weight.decided().integers()).containsExactly(7, -8);
        }
    }

    @Test
    void shouldDecideAsTheLossPulls() {
        try (SoftWeight down = soft(0.18f, -0.12f);
                SoftWeight up = soft(0.12f, -0.18f)) {
            for (int i = 0; i < 60; i++) {
                descend(down, weight -> weight.value().sum());
                descend(up, weight -> weight.value().sum().neg());
            }

            assertThat(down.decided().integers()).containsExactly(1, -2);
            assertThat(up.decided().integers()).containsExactly(2, -1);
        }
    }

    @Test
    void shouldMeasureIndecision() {
        // h is .5, .25 and 0: 1 - |2h - 1|^2 is 1, .75 and 0.
        try (Scope _ = Scope.open();
                SoftWeight weight = soft(0.15f, 0.125f, 0.1f)) {
            assertThat(weight.indecision(2).item()).isCloseTo(1.75f, within(1e-4f));
        }
    }

    @Test
    void shouldBeDrivenToDecideByIndecision() {
        try (Scope _ = Scope.open();
                SoftWeight weight = soft(0.13f, 0.17f)) {
            for (int i = 0; i < 60; i++) {
                descend(weight, w -> w.indecision(2));
            }

            assertThat(weight.value().toFloats()).containsExactly(new float[] {0.1f, 0.2f}, within(1e-6f));
            assertThat(weight.indecision(2).item()).isCloseTo(0, within(1e-4f));
        }
    }
}
