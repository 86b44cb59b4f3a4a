package dev.dsg.platform.store;

import dev.dsg.contracts.store.StoreLayout;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the store of a service from its configuration. */
@ApplicationScoped
class StoreProducer {

    @Produces
    @ApplicationScoped
    ObjectStore store(
            @ConfigProperty(name = "dsg.store.endpoint") URI endpoint,
            @ConfigProperty(name = "dsg.store.region", defaultValue = StoreConfig.DEFAULT_REGION) String region,
            @ConfigProperty(name = "dsg.store.access-key") String accessKey,
            @ConfigProperty(name = "dsg.store.secret-key") String secretKey,
            @ConfigProperty(name = "dsg.store.bucket", defaultValue = StoreLayout.DEFAULT_BUCKET) String bucket,
            @ConfigProperty(name = "dsg.store.ca-file") Optional<Path> authority) {
        var known = StoreConfig.of(endpoint, accessKey, secretKey)
                .withRegion(region)
                .withBucket(bucket);
        var config = authority.map(known::withAuthority).orElse(known);
        // Looked up at each use: the generator of one thread is not for others.
        return new S3ObjectStore(config, () -> ThreadLocalRandom.current().nextLong());
    }

    void close(@Disposes ObjectStore store) {
        ((S3ObjectStore) store).close();
    }
}
