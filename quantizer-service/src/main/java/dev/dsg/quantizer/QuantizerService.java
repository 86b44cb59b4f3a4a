package dev.dsg.quantizer;

import dev.dsg.platform.queue.Queue;
import dev.dsg.platform.queue.ShareWorkers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The quantizer service: what it reads, and who acts on it.
 *
 * <pre>
 * dsg.batches            -> {@link BatchCollector}: count; when enough are there -> dsg.quantization-tasks
 * dsg.quantization-tasks -> {@link QuantizationWorker}: calibrate, round, commit -> dsg.evaluation-tasks
 *                           {@link Training}: in between, train
 * </pre>
 */
@Singleton
final class QuantizerService {

    private final ShareWorkers workers;
    private final QuantizationWorker quantization;

    QuantizerService(ShareWorkers workers, QuantizationWorker quantization) {
        this.workers = workers;
        this.quantization = quantization;
    }

    void start(@Observes StartupEvent event) {
        workers.start(Queue.QUANTIZATION, quantization);
    }

    /** Earlier than beans are destroyed: what is at hand may still be finished and announced. */
    void stop(@Observes ShutdownEvent event) {
        workers.stop();
    }
}
