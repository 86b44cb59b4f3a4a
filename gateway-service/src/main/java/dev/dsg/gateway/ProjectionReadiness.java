package dev.dsg.gateway;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when every job is known that was told of before the start: an answer that lacks some would be a wrong one. */
@Readiness
@ApplicationScoped
class ProjectionReadiness implements HealthCheck {

    private final GatewayService gateway;

    ProjectionReadiness(GatewayService gateway) {
        this.gateway = gateway;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("jobs read").status(gateway.caughtUp()).build();
    }
}
