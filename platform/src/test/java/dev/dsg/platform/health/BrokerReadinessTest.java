package dev.dsg.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.platform.security.SecuredBroker;
import dev.dsg.platform.wire.KafkaAccess;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BrokerReadinessTest {

    @TempDir
    private static Path folder;

    private static SecuredBroker broker;

    @BeforeAll
    static void start() {
        broker = SecuredBroker.scram(folder);
        broker.add("evaluator", "right");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldBeReadyWithTheRightPassword() {
        assertThat(asked(broker.as("evaluator", "right")).getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void shouldSayThatThePasswordIsWrongWithoutSayingIt() {
        assertThat(reason(broker.as("evaluator", "guessed")))
                .contains("SaslAuthenticationException")
                .contains("invalid credentials")
                .doesNotContain("guessed");
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        var missing = folder.resolve("missing.pem").toString();
        assertThat(reason(KafkaAccess.of("127.0.0.1:9")
                        .secured(Map.of(
                                "KAFKA_SECURITY_PROTOCOL", "SSL",
                                "KAFKA_SSL_TRUSTSTORE_TYPE", "PEM",
                                "KAFKA_SSL_TRUSTSTORE_LOCATION", missing))))
                .contains(missing);
    }

    private static String reason(KafkaAccess access) {
        var response = asked(access);
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        return response.getData().orElseThrow().get("reason").toString();
    }

    private static HealthCheckResponse asked(KafkaAccess access) {
        var readiness = new BrokerReadiness(access);
        try {
            return readiness.call();
        } finally {
            readiness.close();
        }
    }
}
