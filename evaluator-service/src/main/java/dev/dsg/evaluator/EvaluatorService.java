package dev.dsg.evaluator;

import dev.dsg.platform.queue.Queue;
import dev.dsg.platform.queue.ShareWorkers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The evaluator service: what it reads, and who acts on it.
 *
 * <pre>
 * dsg.evaluation-tasks -> {@link EvaluationWorker}: measure before and after, report, complete -> dsg.reports
 * </pre>
 */
@Singleton
final class EvaluatorService {

    private final ShareWorkers workers;
    private final EvaluationWorker evaluation;

    EvaluatorService(ShareWorkers workers, EvaluationWorker evaluation) {
        this.workers = workers;
        this.evaluation = evaluation;
    }

    void start(@Observes StartupEvent event) {
        workers.start(Queue.EVALUATION, evaluation);
    }

    /** Earlier than beans are destroyed: what is at hand may still be finished and announced. */
    void stop(@Observes ShutdownEvent event) {
        workers.stop();
    }
}
