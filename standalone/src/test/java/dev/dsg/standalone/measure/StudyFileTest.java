package dev.dsg.standalone.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.standalone.SystemProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFileTest {

    private static final StudiedQuantization HOW = new StudiedQuantization(4, 4, "mse", "squant");

    @TempDir
    private Path folder;

    @Test
    void shouldReadWhatItAppended() {
        StudyFile<StudyRun> file = file("deeper/results.jsonl");
        assertThat(file.read()).isEmpty();

        StudyRun run = new StudyRun("ab", "dsg:images=256", 3, HOW, 10_000, 0.8862, 1.5);
        file.append(run);
        file.append(new StudyRun("ab", "noise", 3, HOW, 10_000, 0.8, 1.5));

        assertThat(file.read()).hasSize(2).first().isEqualTo(run);
        assertThat(run.answers("ab", "dsg:images=256", 3, HOW, 10_000)).isTrue();
        assertThat(run.answers("ab", "dsg:images=256", 4, HOW, 10_000)).isFalse();
    }

    @Test
    void shouldNameALineThatIsNoResult() throws Exception {
        StudyFile<StudyRun> file = file("results.jsonl");
        file.append(new StudyRun("ab", "noise", 3, HOW, 10_000, 0.8, 1.5));
        Files.writeString(file.path(), Files.readString(file.path()) + "{\"network\":");

        assertThatThrownBy(file::read).isInstanceOf(SystemProblem.class).hasMessageContaining("line 2");
    }

    private StudyFile<StudyRun> file(String name) {
        return new StudyFile<>(folder.resolve(name), StudyRun.class);
    }
}
