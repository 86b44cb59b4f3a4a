package dev.dsg.platform.job;

import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the job repository of a service. */
@ApplicationScoped
class JobRepositoryProducer {

    @Produces
    @Singleton
    JobRepository repository(ObjectStore store, EventPublisher publisher) {
        return new JobRepository(store, publisher, InstantSource.system(), () -> ThreadLocalRandom.current()
                .nextLong());
    }
}
