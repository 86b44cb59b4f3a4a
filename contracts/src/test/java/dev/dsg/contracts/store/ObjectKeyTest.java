package dev.dsg.contracts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "jobs/j1/spec.json", "models/resnet20-cifar10/model.safetensors", "a_b/c-d.e..f"})
    void shouldReadPlainPaths(String path) {
        assertThat(ObjectKey.parse(path)).hasToString(path).isEqualTo(ObjectKey.parse(path));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "..",
                ".",
                "../etc/passwd",
                "jobs/../models/x",
                "jobs/./x",
                "jobs/j1/..",
                "/etc/passwd",
                "jobs//x",
                "jobs/",
                "jobs/.hidden",
                "jobs\\..\\x",
                "jobs/%2e%2e/x",
                "jobs/a b",
                "jobs/a\u0000b",
                "jobs/a\n",
                "jobs/\u202e",
                "c:/windows"
            })
    void shouldRefuseWhateverCouldLeaveItsFolder(String path) {
        assertThatExceptionOfType(DsgException.class)
                .isThrownBy(() -> ObjectKey.parse(path))
                .matches(e -> e.code() == ErrorCode.INVALID_FIELD)
                .matches(e -> e.field().orElseThrow().equals("key"));
    }

    @Test
    void shouldRefuseKeysTooLongForAFile() {
        // Given
        String longest = "a".repeat(ObjectKey.MAX_LENGTH);

        // Then
        assertThat(ObjectKey.parse(longest)).hasToString(longest);
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> ObjectKey.parse(longest + "a"));
    }

    @Test
    void shouldResolveBelowItselfOnly() {
        // Given
        ObjectKey key = ObjectKey.parse("jobs/j1");

        // Then
        assertThat(key.resolve("report.json")).hasToString("jobs/j1/report.json");
        assertThat(key.resolve("a/b.json").fileName()).isEqualTo("b.json");
        assertThatExceptionOfType(DsgException.class).isThrownBy(() -> key.resolve("../j2/report.json"));
    }
}
