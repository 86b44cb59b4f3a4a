package dev.dsg.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SingleThreadTest {

    @Test
    void shouldUseOneThreadUntilItIsClosed() {
        // Given: this thread may still be at one, because others had one when it closed its last
        SingleThread.open().close();
        int usual = SingleThread.threads();

        try (SingleThread _ = SingleThread.open()) {
            assertThat(SingleThread.threads()).isEqualTo(1);
            try (SingleThread _ = SingleThread.open()) {
                assertThat(SingleThread.threads()).isEqualTo(1);
            }
            assertThat(SingleThread.threads()).isEqualTo(1);
        }

        assertThat(SingleThread.threads()).isEqualTo(usual);
    }

    /** Part of torch's number of threads is that of the process: one thread must not set it under another's hands. */
    @Test
    void shouldNotBeDisturbedByAnotherThreadThatOpensAndCloses() throws InterruptedException {
        AtomicBoolean enough = new AtomicBoolean();
        Thread other = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                SingleThread.open().close();
            }
        });
        try (SingleThread _ = SingleThread.open()) {
            float[] expected = weightGradient();
            for (int i = 0; i < 100; i++) {
                assertThat(weightGradient()).containsExactly(expected);
            }
        } finally {
            enough.set(true);
            other.join();
        }
    }

    private static float[] weightGradient() {
        Random random = new Random(1);
        float[] values = new float[64 * 256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            Tensor weight = Tensor.zeros(10, 64).requireGradient();
            Tensor x = Tensor.of(values, 256, 64);
            gradients.backward(x.linear(weight, Tensor.zeros(10))
                    .sub(x.slice(1, 0, 10, 1))
                    .square()
                    .sum());
            return weight.gradient().toFloats();
        }
    }
}
