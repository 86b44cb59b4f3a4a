package dev.dsg.platform.wire;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the publisher of a service. */
@ApplicationScoped
class PublisherProducer {

    /** Longer than the channel's own {@code delivery.timeout.ms}, so that its reason is the one reported. */
    private static final Duration DEADLINE = Duration.ofSeconds(35);

    @Produces
    @Singleton
    EventPublisher publisher(
            RecordSender sender, @ConfigProperty(name = "quarkus.application.name", defaultValue = "dsg") String name) {
        return new EventPublisher(sender, "/dsg/" + name, InstantSource.system(), DEADLINE);
    }
}
