package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class StudyReportTest {

    private static final List<StudyRun> RUNS = List.of(
            run("noise", 0, 4, "squant", 0.85),
            run("dsg", 0, 3, "nearest", 0.7),
            run("dsg", 0, 4, "nearest", 0.88),
            run("dsg", 1, 4, "nearest", 0.90));

    private final StudyReport report = new StudyReport(RUNS);

    @Test
    void shouldGiveMeanSampleDeviationAndSeeds() {
        assertThat(report.markdown()).isEqualTo("""
                        | W4A4 | mse nearest | mse squant |
                        |---|---|---|
                        | noise |  | 85.00 (1) |
                        | dsg | 89.00 ± 1.41 (2) |  |

                        | W3A3 | mse nearest |
                        |---|---|
                        | dsg | 70.00 (1) |
                        """);
    }

    @Test
    void shouldPlotWhatCanBeCompared() throws IOException {
        var plots = report.plots();

        assertThat(plots).containsOnlyKeys("methods-w4a4-rounding.png");
        assertThat(ImageIO.read(new ByteArrayInputStream(plots.get("methods-w4a4-rounding.png"))))
                .satisfies(image -> assertThat(image.getWidth()).isGreaterThanOrEqualTo(640));
    }

    private static StudyRun run(String images, long seed, int bits, String rounding, double top1) {
        return new StudyRun("ab", images, seed, new StudiedQuantization(bits, bits, "mse", rounding), 100, top1, 1);
    }
}
