package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.standalone.SystemProblem;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AccessTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "KAFKA_BOOTSTRAP_SERVERS",
            "kafka:9092",
            "DSG_STORE_ENDPOINT",
            "https://store:9000",
            "DSG_STORE_ACCESS_KEY",
            "key",
            "DSG_STORE_SECRET_KEY",
            "secret");

    @Test
    void shouldBeNamedByTheEnvironmentAsForAService() {
        assertThat(Access.named(ENVIRONMENT))
                .contains(new Access(
                        "kafka:9092", URI.create("https://store:9000"), "key", "secret", StoreLayout.DEFAULT_BUCKET));
    }

    @Test
    void shouldNotBeThereWhenTheEnvironmentNamesNoStore() {
        assertThat(Access.named(Map.of("PATH", "/bin"))).isEmpty();
    }

    @Test
    void shouldSayWhichPartIsMissing() {
        // Given
        var environment = new HashMap<>(ENVIRONMENT);
        environment.put("DSG_STORE_SECRET_KEY", " ");

        // When / Then
        assertThatThrownBy(() -> Access.named(environment))
                .isInstanceOf(SystemProblem.class)
                .hasMessage(
                        "DSG_STORE_ENDPOINT names a system, but DSG_STORE_SECRET_KEY is missing in the environment");
    }
}
