package dev.dsg.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingStudyCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--variants ptq,ptq:seed=1                | --variants: each needs a name of its own",
                "--variants generater                     | one of generator (the nearest)",
                "--variants ptq,inversion --set seed=9    | seed is 9, expected what --seeds says",
                "--variants inversion:training.milestones=[4,2],ptq | training.milestones is",
                "--set training.epochs=0                  | training.epochs is 0",
                "--bits 9/4                               | not of the form 4/4",
                "--workers 0                              | --workers is 0"
            })
    void shouldRefuseAStudyBeforeItStartsAnything(String arguments, String expected) {
        assertThat(run(arguments)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(expected);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldStartNothingToShowResults() {
        assertThat(run("--show --results " + folder.resolve("none.jsonl"))).isEqualTo(ExitCode.OK);
        assertThat(folder).isEmptyDirectory();
    }

    private int run(String arguments) {
        return Dsg.commandLine()
                .setErr(new PrintWriter(err, true))
                .execute(("study training --home " + folder + " " + arguments).split(" "));
    }
}
