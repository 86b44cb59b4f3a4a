package dev.dsg.generator;

import dev.dsg.platform.queue.Queue;
import dev.dsg.platform.queue.ShareWorkers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The generator service: what it reads, and who acts on it.
 *
 * <pre>
 * dsg.jobs            -> {@link Planner}: check the job, put it on record, one task per batch or for a stream of them
 * dsg.synthesis-tasks -> {@link SynthesisWorker}: make the batch, put it into the store -> dsg.batches
 *                        {@link StreamWorker}: train a generator network, which makes batch after batch
 * </pre>
 */
@Singleton
final class GeneratorService {

    private final ShareWorkers workers;
    private final Planner planner;
    private final SynthesisWorker synthesis;

    GeneratorService(ShareWorkers workers, Planner planner, SynthesisWorker synthesis) {
        this.workers = workers;
        this.planner = planner;
        this.synthesis = synthesis;
    }

    void start(@Observes StartupEvent event) {
        workers.start(Queue.JOBS, planner);
        workers.start(Queue.SYNTHESIS, synthesis);
    }

    /** Earlier than beans are destroyed: what is at hand may still be finished and announced. */
    void stop(@Observes ShutdownEvent event) {
        workers.stop();
    }
}
