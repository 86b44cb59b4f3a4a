package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingReportTest {

    private static final List<String> NONE = List.of();

    @TempDir
    private Path folder;

    @Test
    void shouldCompareWithPtqSeedBySeed() {
        // Given gains of 1.0 and 2.0 points, and a third seed that ptq does not have
        TrainingReport report = new TrainingReport(List.of(
                run("ptq", NONE, 0, 4, 0.88),
                run("inversion", NONE, 0, 3, 0.80),
                run("inversion", NONE, 0, 4, 0.89),
                run("ptq", NONE, 1, 4, 0.89),
                run("inversion", NONE, 1, 4, 0.91),
                run("inversion", NONE, 2, 4, 0.90)));

        // When / Then
        assertThat(report.markdown("; 2 cores")).isEqualTo("""
            net (aaaaaaaaaaaa): top-1 91.73 in float32, 100 test images of cifar10; 2 cores

            |  | W4A4 | W4A4 − ptq | W3A3 | W3A3 − ptq |
            |---|---|---|---|---|
            | ptq | 88.50 ± 0.71 (2) |  |  |  |
            | inversion | 90.00 ± 1.00 (3) | +1.50 ± 0.71 (2) | 80.00 (1) |  |
            """);
    }

    @Test
    void shouldCompareWithPtqUnderTheSameSettings() {
        // Given
        TrainingReport report = new TrainingReport(List.of(
                run("ptq", NONE, 0, 4, 0.88),
                run("ptq", List.of("synthesis.images=32"), 0, 4, 0.86),
                run("inversion", List.of("training.epochs=2", "synthesis.images=32"), 0, 4, 0.85),
                run("generator", List.of("training.epochs=2"), 0, 4, 0.90)));

        // When / Then
        assertThat(report.markdown("")).endsWith("""
            | ptq | 88.00 (1) |  |
            | ptq:synthesis.images=32 | 86.00 (1) |  |
            | inversion | 85.00 (1) | -1.00 (1) |
            | generator | 90.00 (1) | +2.00 (1) |

            With synthesis.images=32: ptq:synthesis.images=32.

            With training.epochs=2, synthesis.images=32: inversion.

            With training.epochs=2: generator.
            """);
    }

    @Test
    void shouldCountTheLastResultOfASeed() {
        assertThat(new TrainingReport(List.of(run("ptq", NONE, 0, 4, 0.1), run("ptq", NONE, 0, 4, 0.88))).markdown(""))
                .contains("| ptq | 88.00 (1) |");
    }

    @Test
    void shouldWriteATableAndAPlotOfEveryNetwork() throws IOException {
        // Given
        List<TrainingRun> runs = List.of(run("ptq", NONE, 0, 4, 0.88), run("inversion", NONE, 0, 3, 0.9));
        List<TrainingRun> all = new ArrayList<>(runs);
        runs.forEach(run -> all.add(of(digest('b'), run.variant(), NONE, 0, 4, run.top1())));

        // When
        new TrainingReport(all).write(folder.resolve("deeper"));

        // Then
        assertThat(folder.resolve("deeper/training.md"))
                .content()
                .contains("net (aaaaaaaaaaaa): ", "net (bbbbbbbbbbbb): ", "![training-2.png](training-2.png)");
        byte[] plot = Files.readAllBytes(folder.resolve("deeper/training.png"));
        assertThat(ImageIO.read(new ByteArrayInputStream(plot)).getWidth()).isGreaterThanOrEqualTo(640);
    }

    @Test
    void shouldPlotWhatCanBeCompared() {
        assertThat(new TrainingReport(List.of(run("ptq", NONE, 0, 4, 0.88))).plots())
                .isEmpty();
    }

    private static TrainingRun run(String variant, List<String> settings, long seed, int bits, double top1) {
        return of(digest('a'), variant, settings, seed, bits, top1);
    }

    private static TrainingRun of(
            Sha256 network, String variant, List<String> settings, long seed, int bits, double top1) {
        JobId job = JobId.parse("j");
        return new TrainingRun(
                job, "net", network, "cifar10", 100, variant, NONE, settings, seed, bits, bits, top1, 0.9173, 1);
    }

    private static Sha256 digest(char all) {
        return new Sha256(String.valueOf(all).repeat(64));
    }
}
