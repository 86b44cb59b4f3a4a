package dev.dsg.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitWidthTest {
    @Test
    void shouldCountLevels() {
        assertThat(BitWidth.of(2).levels()).isEqualTo(4);
        assertThat(BitWidth.of(8).levels()).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -4, 0, 1, 9, 32})
    void shouldRefuseOtherWidths(int bits) {
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> BitWidth.of(bits));
    }
}
