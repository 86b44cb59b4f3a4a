package dev.dsg.quantizer;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.JobState.Terminal;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when the last batch of a job is there, or the first of one that trains its network, and hands the job on.
 *
 * <p>What counts is what lies in the store; an event is only a reason to look. So events may come late, twice or never.
 *
 * <p>The task is sent first and the state moved afterwards. A crash in between leaves a job that still synthesises: the
 * next look, by a repeated event or by the sweep, sends the task again under the same id, and the worker that gets it twice
 * finds the first one's artefact. The other way round, a crash would leave a job that says it is being quantized while
 * nobody was asked to.
 */
@Singleton
final class BatchCollector {

    private static final Logger LOG = LoggerFactory.getLogger(BatchCollector.class);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final EventPublisher publisher;

    BatchCollector(JobRepository jobs, ObjectStore store, EventPublisher publisher) {
        this.jobs = jobs;
        this.store = store;
        this.publisher = publisher;
    }

    /**
     * Looks after a job. One look at a time, so that this process asks for a quantization once.
     *
     * @return where the job is, if there is one
     */
    synchronized Optional<JobState> collect(JobId job) {
        return jobs.find(job).map(this::look);
    }

    private static boolean waits(JobState state) {
        return switch (state) {
            case Submitted _, Synthesizing _ -> true;
            case Quantizing _, Evaluating _, Terminal _ -> false;
        };
    }

    private JobState look(JobStatus status) {
        if (!waits(status.state())) {
            return status.state();
        }
        JobId job = status.jobId();
        JobSpec spec = jobs.spec(job);
        int there = count(spec);
        if (suffice(spec, there)) {
            publisher.publish(new QuantizationTask(job));
            LOG.info("{} of {} batches are there, enough to begin", there, spec.batches());
            return toQuantizing(spec).state();
        }
        if (status.state() instanceof Synthesizing seen && seen.done() < there) {
            jobs.update(job, state -> state instanceof Synthesizing s ? s.progressedTo(there) : state);
        }
        return status.state();
    }

    /** A training begins with batch 0 and follows the others as they come. */
    private boolean suffice(JobSpec spec, int there) {
        return spec.quantization().scheme().trains()
                ? store.find(StoreLayout.batch(spec.jobId(), 0)).isPresent()
                : there == spec.batches();
    }

    /** Moves a job that has batches enough to {@code Quantizing}, if it is not further. */
    JobStatus toQuantizing(JobSpec spec) {
        // In two steps, so that the history of even the fastest job has every stage. That batches are there proves that
        // tasks were handed out, so the planner need not have come round to saying so.
        boolean trains = spec.quantization().scheme().trains();
        int enough = trains ? 1 : spec.batches();
        jobs.update(spec.jobId(), state -> switch (state) {
            case Submitted s -> s.synthesizing(spec.batches()).progressedTo(enough);
            case Synthesizing s -> s.progressedTo(enough);
            case Quantizing _, Evaluating _ -> state;
        });
        return jobs.update(spec.jobId(), state -> switch (state) {
            case Synthesizing s -> trains ? s.streaming() : s.quantizing();
            case Submitted _, Quantizing _, Evaluating _ -> state;
        });
    }

    private int count(JobSpec spec) {
        var there = new HashSet<>(store.list(StoreLayout.batches(spec.jobId())));
        return (int) IntStream.range(0, spec.batches())
                .filter(index -> there.contains(StoreLayout.batch(spec.jobId(), index)))
                .count();
    }
}
