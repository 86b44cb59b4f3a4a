package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemFileTest {

    private static final Access ACCESS =
            new Access("127.0.0.1:1", URI.create("http://127.0.0.1:2"), "dsg", "secret", "dsg");
    private static final ProcessId GONE = new ProcessId(1L << 40, Instant.parse("2026-01-01T00:00:00.123Z"));
    private static final ProcessId OURS = ProcessId.of(ProcessHandle.current());

    @TempDir
    private Path folder;

    @Test
    void shouldReadWhatItWrote() {
        // Given
        var file = new SystemFile(folder.resolve("system.json"));
        var record = new SystemRecord(OURS, ACCESS, 2, List.of(new Member("broker", Role.BROKER, GONE, 1)));

        // When
        file.write(record);
        file.write(record);

        // Then
        assertThat(file.read()).contains(record);
        file.delete();
        assertThat(file.read()).isEmpty();
    }

    @Test
    void shouldBeReadableForTheUserAlone() throws Exception {
        var path = folder.resolve("system.json");
        new SystemFile(path).write(new SystemRecord(null, ACCESS, 1, List.of()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(ACCESS.toString()).doesNotContain("secret");
    }

    @Test
    void shouldTellTheDeadFromTheLiving() {
        // Given
        var dead = new Member("store", Role.STORE, GONE, 2);
        var record = new SystemRecord(null, ACCESS, 1, List.of(new Member("broker", Role.BROKER, OURS, 1), dead));

        // When / Then
        assertThat(record.dead()).containsExactly(dead);
        assertThat(record.with(new Member("store", Role.STORE, OURS, 2)).dead()).isEmpty();
        assertThat(record.with(new Member("store", Role.STORE, OURS, 2)).members())
                .hasSize(2);
    }

    @Test
    void shouldBeAbandonedOnlyByACommandThatDied() {
        assertThat(new SystemRecord(null, ACCESS, 1, List.of()).abandoned()).isFalse();
        assertThat(new SystemRecord(OURS, ACCESS, 1, List.of()).abandoned()).isFalse();
        assertThat(new SystemRecord(GONE, ACCESS, 1, List.of()).abandoned()).isTrue();
    }
}
