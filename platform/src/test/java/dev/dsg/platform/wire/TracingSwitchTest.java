package dev.dsg.platform.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TracingSwitchTest {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @Test
    void shouldTraceOnlyWhereSomebodyTakesTheTraces() {
        assertThat(disabled(Map.of())).isEqualTo("true");
        assertThat(disabled(Map.of(ENDPOINT, " "))).isEqualTo("true");
        assertThat(disabled(Map.of(ENDPOINT, "http://collector:4318"))).isEqualTo("false");
        assertThat(disabled(Map.of(ENDPOINT, "http://collector:4318", "OTEL_SDK_DISABLED", "true")))
                .isEqualTo("true");
    }

    private static String disabled(Map<String, String> environment) {
        return new TracingSwitch(environment).getValue("quarkus.otel.sdk.disabled");
    }
}
