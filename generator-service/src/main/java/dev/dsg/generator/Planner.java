package dev.dsg.generator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Terminal;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.DeadLetterRedriven;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.queue.TaskHandler;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import jakarta.inject.Singleton;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Turns a submitted job into one synthesis task per batch, or one for a whole stream of them, or refuses it before any work is done.
 *
 * <p>It may die at any point; the message then comes again and finds one of these:
 *
 * <ol>
 *   <li>no {@code spec.json}: nothing happened, all is done as the first time;
 *   <li>its own {@code spec.json}, state {@code Submitted}: tasks may or may not be out; all are sent (again), with the
 *       ids that they always have, and workers pass over batches that are there;
 *   <li>a later state: all tasks are out, nothing is left to do.
 * </ol>
 *
 * The same message may also come from somebody who submits the same job twice; it is treated no differently.
 */
@Singleton
final class Planner implements TaskHandler<Message> {

    private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Admission admission;
    private final EventPublisher publisher;

    Planner(JobRepository jobs, ObjectStore store, Admission admission, EventPublisher publisher) {
        this.jobs = jobs;
        this.store = store;
        this.admission = admission;
        this.publisher = publisher;
    }

    @Override
    public void handle(Task<Message> task) {
        MDC.put("stage", "planning");
        switch (task.message()) {
            case JobSubmitted submitted -> plan(submitted);
            case JobCancelled cancelled -> jobs.cancel(cancelled.jobId(), cancelled.reason());
            case SynthesisTask _,
                    BatchReady _,
                    QuantizationTask _,
                    EvaluationTask _,
                    ReportReady _,
                    JobEvent _,
                    DeadLetter _,
                    DeadLetterRedriven _ -> throw new IllegalStateException(task.eventId() + " is not for the planner");
        }
    }

    private void plan(JobSubmitted submitted) {
        try {
            JobSpec spec = submitted.spec();
            if (!accepted(spec.jobId())) {
                admission.admit(spec);
            }
            if (jobs.submit(spec).state() instanceof Submitted) {
                handOut(spec);
            }
        } catch (DsgException e) {
            if (!e.code().retryable()) {
                // Here and not only in rejected(), which knows the job by the record's key: not everybody sets one.
                refuse(submitted.jobId(), e);
            }
            throw e;
        }
    }

    /**
     * Whether a job of this id is on record. The state is read first: an accepted job has its specification before it. One
     * that was refused has none; when people open it again, it comes here as if for the first time.
     */
    private boolean accepted(JobId job) {
        boolean ended = jobs.find(job).map(JobStatus::state).orElse(null) instanceof Terminal;
        boolean accepted = hasSpec(job);
        if (ended && !accepted) {
            throw new DsgException(
                    ErrorCode.DUPLICATE_JOB,
                    "jobId",
                    job,
                    "a fresh id, for the job that first had this one was refused");
        }
        return accepted;
    }

    private boolean hasSpec(JobId job) {
        return store.find(StoreLayout.spec(job)).isPresent();
    }

    private void handOut(JobSpec spec) {
        int batches = spec.batches();
        int tasks = StreamWorker.makes(spec) ? 1 : batches;
        publisher.publish(IntStream.range(0, tasks)
                .mapToObj(index -> new SynthesisTask(spec.jobId(), index))
                .toList());
        // Only now: a job found in a later state needs no second look. A batch that is done before this line is counted
        // when the next one comes, and if it was the last, the collector moves the state on by itself.
        jobs.update(spec.jobId(), state -> state instanceof Submitted s ? s.synthesizing(batches) : state);
        LOG.info("job planned: {} batches by {} tasks", batches, tasks);
    }

    @Override
    public void rejected(JobId job, DsgException cause) {
        refuse(job, cause);
    }

    /**
     * Puts a refusal on record, unless the id is somebody else's: a known job fails only if its own planning was given up,
     * or if it was opened again and is refused again.
     */
    private void refuse(JobId job, DsgException cause) {
        JobState known = jobs.find(job).map(JobStatus::state).orElse(null);
        boolean waits = known instanceof Submitted;
        if (known == null || waits && (cause.code() == ErrorCode.DELIVERIES_EXHAUSTED || !hasSpec(job))) {
            jobs.fail(job, cause);
        }
    }
}
