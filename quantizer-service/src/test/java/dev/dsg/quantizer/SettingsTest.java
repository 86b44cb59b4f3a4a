package dev.dsg.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.Reconstruction;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.engine.quantization.WeightGrid;
import dev.dsg.engine.quantization.WeightGrid.Extent;
import dev.dsg.engine.quantization.WeightGrid.Granularity;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import dev.dsg.testing.SmallWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void shouldMeanTheEnginesUsualSettingsWhenAJobSaysNothing() {
        assertThat(settings("")).isEqualTo(QuantizationSettings.of(4, 4));
        assertThat(settings("\"target\": \"onnxruntime\""))
                .isEqualTo(QuantizationSettings.of(Target.ONNXRUNTIME, 4, 4));
    }

    @Test
    void shouldPassOnEveryField() {
        assertThat(settings("""
            "weightBits": 3, "activationBits": 8, "range": "percentile", "granularity": "tensor",
            "weightSymmetry": "symmetric", "weightRange": "least-error", "rounding": "qdrop",
            "edgeBits": 8, "equalization": true, "biasCorrection": true, "weightBudget": 3.5,
            "reconstructionIterations": 20, "reconstructionMemory": 3
            """))
                .isEqualTo(QuantizationSettings.of(3, 8)
                        .withRange(RangeMethod.PERCENTILE)
                        .withWeightGrid(new WeightGrid(Granularity.TENSOR, Symmetry.SYMMETRIC, Extent.LEAST_ERROR))
                        .withEdgeBits(8)
                        .withEqualization(true)
                        .withBiasCorrection(true)
                        .withWeightBudget(3.5)
                        .withRounding(Reconstruction.qdrop(0).withIterations(20).withMemoryBytes(3 << 20)));
    }

    @ParameterizedTest
    @CsvSource({"nearest", "squant", "adaround", "brecq", "qdrop"})
    void shouldKnowEveryRoundingAsTheEngineDoes(String name) {
        assertThat(settings("\"rounding\": \"" + name + "\"").rounding()).isEqualTo(RoundingMethod.named(name, 0));
    }

    private static QuantizationSettings settings(String quantization) {
        return Settings.of(SmallWorld.job("j1", quantization));
    }
}
