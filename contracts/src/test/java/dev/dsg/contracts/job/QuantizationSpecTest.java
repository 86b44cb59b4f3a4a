package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantizationSpecTest {
    @Test
    void shouldSayItsWidthsInShort() {
        assertThat(widths(Map.of("quantization.weightBits", 3, "quantization.activationBits", 8)))
                .isEqualTo("W3A8");
        assertThat(widths(Map.of("quantization.weightBudget", 3.5))).isEqualTo("W3.5A4");
        assertThat(widths(Map.of("quantization.weightBudget", 4.0))).isEqualTo("W4A4");
    }

    private static String widths(Map<String, Object> said) {
        return JobFields.of(said).resolve().quantization().widths();
    }
}
