package dev.dsg.platform.health;

import dev.dsg.platform.queue.ShareWorkers;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while every worker slot is; a broker or store that is away is no reason to be restarted. */
@Liveness
@ApplicationScoped
class WorkerLiveness implements HealthCheck {

    private final ShareWorkers workers;

    WorkerLiveness(ShareWorkers workers) {
        this.workers = workers;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("workers").status(workers.alive()).build();
    }
}
