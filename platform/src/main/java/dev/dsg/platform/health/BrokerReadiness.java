package dev.dsg.platform.health;

import dev.dsg.platform.wire.KafkaAccess;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when a broker answers. */
@Readiness
@ApplicationScoped
class BrokerReadiness implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final KafkaAccess kafka;
    private Admin admin;

    BrokerReadiness(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    @Override
    public synchronized HealthCheckResponse call() {
        var response = HealthCheckResponse.named("broker");
        try {
            admin().describeCluster().nodes().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return response.up().build();
        } catch (KafkaException | ExecutionException | TimeoutException e) {
            return response.down().withData("reason", reason(e)).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.down().withData("reason", "interrupted").build();
        }
    }

    /** Made at the first call, and not at the start: settings that Kafka refuses are told here, and are no crash. */
    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(kafka.settings());
        }
        return admin;
    }

    /** What is at the bottom of it: that a file is missing, and not that a client could not be made. */
    private static String reason(Throwable failure) {
        var deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.toString();
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE);
        }
    }
}
