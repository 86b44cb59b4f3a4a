package dev.dsg.platform.wire;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Turns tracing on when the environment says where to, by the names that OpenTelemetry gives its settings. Left alone,
 * nothing is traced and nothing is exported; Quarkus would export to the local host and complain that nobody is there.
 */
public final class TracingSwitch implements ConfigSource {

    private static final String DISABLED = "quarkus.otel.sdk.disabled";
    /** A default, above those in files of the platform, below whatever a service or its operator says. */
    private static final int ORDINAL = 110;

    private final Map<String, String> values;

    /** By the environment of this process. */
    public TracingSwitch() {
        this(System.getenv());
    }

    TracingSwitch(Map<String, String> environment) {
        values = Map.of(DISABLED, Boolean.toString(disabled(environment)));
    }

    private static boolean disabled(Map<String, String> environment) {
        return Boolean.parseBoolean(environment.get("OTEL_SDK_DISABLED"))
                || environment.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "").isBlank();
    }

    @Override
    public int getOrdinal() {
        return ORDINAL;
    }

    @Override
    public Set<String> getPropertyNames() {
        return values.keySet();
    }

    @Override
    public String getValue(String name) {
        return values.get(name);
    }

    @Override
    public String getName() {
        return "whether to trace";
    }
}
