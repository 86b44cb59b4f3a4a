package dev.dsg.platform.wire;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/** Makes the access of a service from what Quarkus gives to every channel, so that all clients of a process are alike. */
@ApplicationScoped
class KafkaAccessProducer {

    @Produces
    @Singleton
    KafkaAccess access(@Identifier("default-kafka-broker") Map<String, Object> settings) {
        return new KafkaAccess(settings);
    }
}
