package dev.dsg.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TableTest {

    @Test
    void shouldAlignWordsLeftAndNumbersRight() {
        // Given
        var table = new Table("method", "images", "range", "top-1 %")
                .row("fp32", "", "", "91.73")
                .row("zeroq", "64", "mse", "-8.5 points");

        // When
        var lines = table.lines();

        // Then
        assertThat(lines)
                .containsExactly(
                        "method  images  range      top-1 %",
                        "fp32                         91.73", "zeroq       64  mse    -8.5 points");
    }

    @Test
    void shouldTakeADateForAWord() {
        var table = new Table("day").row("2026-01-02").row("2026-1-2");
        assertThat(table.lines()).containsExactly("day", "2026-01-02", "2026-1-2");
    }

    @Test
    void shouldRefuseARowOfAnotherLength() {
        assertThatThrownBy(() -> new Table("a", "b").row("1")).hasMessage("1 cells, not 2");
    }
}
