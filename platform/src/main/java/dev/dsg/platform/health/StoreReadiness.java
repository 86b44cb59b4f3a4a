package dev.dsg.platform.health;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.platform.store.ObjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the object store answers. */
@Readiness
@ApplicationScoped
class StoreReadiness implements HealthCheck {

    private final ObjectStore store;

    StoreReadiness(ObjectStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("object store");
        try {
            store.ping();
            return response.up().build();
        } catch (DsgException e) {
            return response.down().withData("reason", e.getMessage()).build();
        }
    }
}
