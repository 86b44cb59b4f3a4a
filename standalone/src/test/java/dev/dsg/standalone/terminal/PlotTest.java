package dev.dsg.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlotTest {

    private final Plot plot = new Plot("loss", 20);

    @Test
    void shouldDrawNothingOfLessThanTwoPoints() {
        assertThat(plot.lines()).isEmpty();
        plot.add(1, 2);
        assertThat(plot.lines()).isEmpty();
    }

    @Test
    void shouldDrawALineFromCornerToCorner() {
        // Given
        plot.add(0, 8);
        plot.add(100, 1);

        // Then every column has a dot, the first at the top, the last at the bottom
        assertThat(plot.lines())
                .containsExactly(
                        "     8.00 ⠑⠤⡀⠀⠀⠀⠀⠀⠀⠀", "     loss ⠀⠀⠈⠢⢄⠀⠀⠀⠀⠀", "          ⠀⠀⠀⠀⠀⠑⠢⡀⠀⠀", "     1.00 ⠀⠀⠀⠀⠀⠀⠀⠈⠒⢄");
    }

    @Test
    void shouldTakeTheLogarithmOfWhatSpansMore() {
        // Given a loss that falls a thousandfold, tenfold at every third
        plot.add(0, 1000);
        plot.add(1, 100);
        plot.add(2, 10);
        plot.add(3, 1);

        // Then the middle of the curve is in the middle, which it would not be without
        var lines = plot.lines();
        assertThat(lines.getFirst()).startsWith(" 1.00e+03 ");
        assertThat(dots(lines.get(1))).isPositive();
        assertThat(dots(lines.get(2))).isPositive();
    }

    @Test
    void shouldDrawALevelLineThroughTheMiddle() {
        plot.add(0, 2);
        plot.add(1, 2);
        assertThat(plot.lines().get(2)).endsWith("⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉");
    }

    @Test
    void shouldForgetWhatIsDoneAgain() {
        // Given work that went back from 90 to 50
        plot.add(10, 1);
        plot.add(90, 1000);
        plot.add(50, 2);

        // Then
        assertThat(plot.lines().getFirst()).startsWith("     2.00 ");
    }

    @Test
    void shouldNotGrowWithTheWork() {
        for (var i = 0; i < 100_000; i++) {
            plot.add(i, 5 - i * 1e-5);
        }
        assertThat(plot.lines()).hasSize(4).allSatisfy(line -> assertThat(line.length())
                .isLessThanOrEqualTo(20));
        assertThat(plot.lines().getFirst()).startsWith("     4.9");
        assertThat(plot.lines().getLast()).startsWith("     4.0");
    }

    private static long dots(String line) {
        return line.chars().filter(c -> c > '\u2800' && c <= '\u28ff').count();
    }
}
