package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DroppingTest {

    private static float[] mix(double probability, int seed, long... shape) {
        try (Scope _ = Scope.open()) {
            Tensor exact = Tensor.zeros(shape);
            Tensor quantized = Tensor.zeros(shape).add(1);
            return new Dropping(probability, new Random(seed))
                    .mix(exact, quantized)
                    .toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25, 0.5, 0.9, 1})
    void shouldKeepTheExactValueWithTheGivenProbability(double probability) {
        float[] mixed = mix(probability, 1, 4, 5, 20, 20);

        double quantized = 0;
        for (float value : mixed) {
            assertThat(value).isIn(0f, 1f);
            quantized += value;
        }
        assertThat(1 - quantized / mixed.length).isBetween(probability - 0.015, probability + 0.015);
    }

    @Test
    void shouldDrawTheSameForTheSameSeedOnly() {
        assertThat(mix(0.5, 1, 10, 10)).isEqualTo(mix(0.5, 1, 10, 10)).isNotEqualTo(mix(0.5, 2, 10, 10));
    }
}
