package dev.dsg.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DsgTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldListEveryCommand() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains(
                        "run", "up", "down", "submit", "watch", "jobs", "report", "cancel", "topics", "train", "test",
                        "version");
    }

    @Test
    void shouldShowTheDefaultsOfAJob() {
        assertThat(run("run", "--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("default: cifar10", "default: dsg")
                .doesNotContain("${");
    }

    @Test
    void shouldRefuseAtOnceWhatIsNotUnderstood() {
        assertThat(run("runn")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Did you mean: dsg run?");
        assertThat(run("run", "--w-bit", "four")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--workers", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--compare", "noise,dsg", "--synthesis", "dsg")).isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--json", folder.resolve("no/such/folder.json").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("run", "--output", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--output: " + folder + " is there already");
    }

    @Test
    void shouldNameTheFieldThatIsOutOfBounds() {
        assertThat(run("run", "--w-bit", "9", "--home", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("INVALID_FIELD: quantization.weightBits is 9, expected an integer in 2..8");
        assertThat(folder).as("nothing was started").isEmptyDirectory();
    }

    @Test
    void shouldRefuseAJobFileBeforeItLooksForTheSystem() throws Exception {
        // Given
        var file = Files.writeString(folder.resolve("job.conf"), "model = m, seeed = 1");

        // When / Then
        assertThat(run("submit", file.toString(), "--home", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("seeed is not a field, expected one of seed (the nearest)");
    }

    @Test
    void shouldRefuseSettingsBeforeItStartsAnything() throws Exception {
        // Given
        var file = Files.writeString(folder.resolve("my.conf"), "b1 = 0.5\nnEpoch = 1");
        var home = folder.resolve("home").toString();

        // When / Then
        assertThat(run("run", "--conf", file.toString(), "--home", home)).isEqualTo(ExitCode.USAGE);
        assertThat(run("submit", "--conf", file.toString(), "--home", home)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString().lines()).hasSize(2).allSatisfy(line -> assertThat(line)
                .contains("my.conf: 2: nEpoch is not a field, expected one of nEpochs (the nearest)"));
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void shouldSayHowToStartASystemThatDoesNotRun() {
        assertThat(run("jobs", "--home", folder.toString())).isEqualTo(ExitCode.SYSTEM);
        assertThat(err.toString()).contains("no system runs in " + folder).contains("dsg up");
    }

    @Test
    void shouldStopNothingWhereNothingRuns() {
        assertThat(run("down", "--home", folder.toString())).isEqualTo(ExitCode.OK);
    }

    private int run(String... arguments) {
        return Dsg.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
