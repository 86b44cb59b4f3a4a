package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HomeTest {

    @Test
    void shouldBeWhereTheUserSays() {
        assertThat(Home.of(Map.of("DSG_HOME", "/a/b", "XDG_CACHE_HOME", "/c")).folder())
                .isEqualTo(Path.of("/a/b"));
    }

    @Test
    void shouldBeInTheCacheFolderOtherwise() {
        var user = Path.of(System.getProperty("user.home"));
        assertThat(Home.of(Map.of("XDG_CACHE_HOME", "/c")).folder()).isEqualTo(Path.of("/c/dsg"));
        assertThat(Home.of(Map.of("DSG_HOME", " ")).folder()).isEqualTo(user.resolve(".cache/dsg"));
    }

    @Test
    void shouldBeTheSameFromEveryWorkingDirectory() {
        assertThat(new Home(Path.of("here/../there")).folder())
                .isAbsolute()
                .isEqualTo(Path.of("there").toAbsolutePath());
    }
}
