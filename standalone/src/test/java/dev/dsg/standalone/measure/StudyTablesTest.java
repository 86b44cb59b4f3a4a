package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StudyTablesTest {

    @Test
    void shouldGiveMeanSampleDeviationAndSeeds() {
        List<StudyRun> runs = List.of(
                run("dsg", 0, 4, "nearest", 0.88),
                run("dsg", 1, 4, "nearest", 0.90),
                run("noise", 0, 4, "squant", 0.85),
                run("dsg", 0, 3, "nearest", 0.7));

        String markdown = new StudyTables(runs, List.of("noise", "dsg")).markdown();

        assertThat(markdown).isEqualTo("""
                        | W4A4 mse | nearest | squant |
                        |---|---|---|
                        | noise |  | 85.00 (1) |
                        | dsg | 89.00 ± 1.41 (2) |  |

                        | W3A3 mse | nearest |
                        |---|---|
                        | noise |  |
                        | dsg | 70.00 (1) |
                        """);
    }

    private static StudyRun run(String images, long seed, int bits, String rounding, double top1) {
        return new StudyRun("ab", images, seed, new StudiedQuantization(bits, bits, "mse", rounding), 100, top1, 1);
    }
}
