package dev.dsg.platform.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentTest {

    private final List<String> made = new ArrayList<>();
    private final Recent<String, String> recent = new Recent<>(2);

    @Test
    void shouldMakeAValueOnce() {
        // When
        get("a");
        get("a");

        // Then
        assertThat(made).containsExactly("a");
    }

    @Test
    void shouldForgetWhatWasUnusedForLongest() {
        // Given
        get("a");
        get("b");
        get("a");

        // When
        get("c");

        // Then
        get("a");
        get("b");
        assertThat(made).containsExactly("a", "b", "c", "b");
    }

    @Test
    void shouldNotRememberAFailure() {
        // Given
        assertThatIllegalStateException()
                .isThrownBy(() -> recent.get("a", () -> {
                    throw new IllegalStateException();
                }));

        // When
        var value = get("a");

        // Then
        assertThat(value).isEqualTo("value of a");
    }

    private String get(String key) {
        return recent.get(key, () -> {
            made.add(key);
            return "value of " + key;
        });
    }
}
