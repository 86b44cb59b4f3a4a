package dev.dsg.evaluator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.queue.TaskHandler;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
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
    private final Measurement measurement;
    private final EventPublisher publisher;
    private final InstantSource clock = InstantSource.system();

    EvaluationWorker(JobRepository jobs, ObjectStore store, Measurement measurement, EventPublisher publisher) {
        this.jobs = jobs;
        this.store = store;
        this.measurement = measurement;
        this.publisher = publisher;
    }

    @Override
    public void handle(Task<EvaluationTask> task) {
        JobId job = task.message().jobId();
        MDC.put("stage", "evaluation");

        // The quantizer may be a moment late to say that it is done; the task is the proof of it.
        JobStatus status = jobs.update(job, state -> state instanceof Quantizing s ? s.evaluating() : state);
        if (status.state() instanceof Evaluating) {
            if (store.find(StoreLayout.report(job)).isEmpty()) {
                report(task, status);
            }
            status = jobs.update(job, state -> state instanceof Evaluating s ? s.completed() : state);
        }
        if (status.state() instanceof Completed) {
            publisher.publish(new ReportReady(job, found(job)));
            LOG.info("report ready");
        }
    }

    private void report(Task<EvaluationTask> task, JobStatus status) {
        var progress = new ProgressReporter(jobs, status, "evaluation", task::cancelled, clock);
        try {
            var spec = jobs.spec(status.jobId());
            var manifest = Json.parse(store.getBytes(task.message().manifest()), Manifest.class);
            var measured = measurement.measure(spec, manifest, progress::report);
            var report = JobReport.of(
                    spec,
                    measured.accuracy(),
                    measured.onnx(),
                    seconds(status, clock.instant()),
                    JobReport.Digests.of(manifest));
            store.putIfAbsent(StoreLayout.report(status.jobId()), Content.of(Json.bytes(report), Content.JSON));
        } catch (EngineException e) {
            throw new DsgException(
                    ErrorCode.valueOf(e.kind().code()), "evaluation." + e.field(), e.value(), e.expected(), e);
        }
    }

    /** How long the stages took, by the clock on record: the same whoever adds it up. */
    private static JobReport.Seconds seconds(JobStatus status, Instant now) {
        return new JobReport.Seconds(
                seconds(status.spentIn(Stage.SYNTHESIZING, now)),
                seconds(status.spentIn(Stage.QUANTIZING, now)),
                seconds(status.spentIn(Stage.EVALUATING, now)),
                seconds(Duration.between(status.submittedAt(), now)));
    }

    /** Several machines date the states of a job; where their clocks disagree, nothing took less than no time. */
    private static double seconds(Duration duration) {
        return Math.max(0, duration.toMillis()) / 1000.0;
    }

    private ObjectRef found(JobId job) {
        return store.find(StoreLayout.report(job))
                .orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_OBJECT, "the report of " + job + " is missing"));
    }

    @Override
    public void rejected(JobId job, DsgException cause) {
        jobs.fail(job, cause);
    }
}
