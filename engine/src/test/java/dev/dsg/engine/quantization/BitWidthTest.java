package dev.dsg.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.engine.EngineException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitWidthTest {

    @ParameterizedTest
    @CsvSource({"2, -2, 1, 3", "4, -8, 7, 15", "8, -128, 127, 255"})
    void shouldSpanTwosComplement(int bits, int lowest, int highest, int steps) {
        BitWidth width = new BitWidth(bits);

        assertThat(width.lowest()).isEqualTo(lowest);
        assertThat(width.highest()).isEqualTo(highest);
        assertThat(width.steps()).isEqualTo(steps);
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, 0, 1, 9, 32})
    void shouldRefuseOtherWidths(int bits) {
        assertThatThrownBy(() -> new BitWidth(bits))
                .isInstanceOf(EngineException.class)
                .hasMessage("bits is " + bits + ", expected 2..8");
    }
}
