package dev.dsg.evaluator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.engine.EngineException;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.queue.TaskHandler;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Measures an artefact and completes its job.
 *
 * <p>A report that is there already is only announced, so a worker that died after its put is healed by whoever gets the
 * task next. The report is announced when the job is completed, not before: a job that is cancelled in the last moment has
 * no report to tell of.
 */
@Singleton
final class EvaluationWorker implements TaskHandler<EvaluationTask> {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluationWorker.class);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Catalog catalog;
    private final Measurement measurement;
    private final Reports reports;
    private final EventPublisher publisher;
    private final InstantSource clock = InstantSource.system();

    EvaluationWorker(
            JobRepository jobs,
            ObjectStore store,
            Catalog catalog,
            Measurement measurement,
            Reports reports,
            EventPublisher publisher) {
        this.jobs = jobs;
        this.store = store;
        this.catalog = catalog;
        this.measurement = measurement;
        this.reports = reports;
        this.publisher = publisher;
    }

    @Override
    public void handle(Task<EvaluationTask> task) {
        JobId job = task.message().jobId();
        MDC.put("stage", "evaluation");

        // The quantizer may be a moment late to say that it is done; the task is the proof of it.
        JobStatus status = jobs.update(job, state -> state instanceof Quantizing s ? s.evaluating() : state);
        if (status.state() instanceof Evaluating) {
            if (!reports.exists(job)) {
                measure(task, status);
            }
            reports.present(job);
            status = jobs.update(job, state -> state instanceof Evaluating s ? s.completed() : state);
        }
        if (status.state() instanceof Completed) {
            publisher.publish(new ReportReady(job, reports.announced(job)));
            LOG.info("report ready");
        }
    }

    private void measure(Task<EvaluationTask> task, JobStatus status) {
        var progress = new ProgressReporter(jobs, status, "evaluation", task::cancelled, clock);
        try {
            var spec = jobs.spec(status.jobId());
            var manifest = Json.parse(store.getBytes(task.message().manifest()), Manifest.class);
            var dataset = catalog.dataset(spec.evaluation().dataset());
            var findings = measurement.measure(spec, manifest, dataset.shards(), progress::report);
            reports.put(status, spec, manifest, dataset.digest(), findings, task::cancelled);
        } catch (EngineException e) {
            throw new DsgException(
                    ErrorCode.valueOf(e.kind().code()), "evaluation." + e.field(), e.value(), e.expected(), e);
        }
    }

    @Override
    public void rejected(JobId job, DsgException cause) {
        jobs.fail(job, cause);
    }
}
