package dev.dsg.platform.job;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.Document;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The specifications and states of jobs.
 *
 * <p>A job's states form one line, whoever changes them, and it has exactly one terminal state. Each change is announced
 * after it is on record. A crash in between is healed by doing the same again: every method may be repeated, and announces
 * what it finds.
 */
public final class JobRepository {

    private static final int MAX_RACES = 100;
    private static final Backoff AFTER_RACE = new Backoff(Duration.ofMillis(5), Duration.ofMillis(200));

    private final ObjectStore store;
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * A repository over a store.
     *
     * @param clock dates states and events
     * @param random jitters the pauses after a lost race
     */
    public JobRepository(ObjectStore store, EventPublisher publisher, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.publisher = publisher;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Puts a job on record, as {@code Submitted}. The same job again is the same job, wherever it is by now.
     *
     * @return where the job is
     * @throws DsgException {@code DUPLICATE_JOB} when the id belongs to a job with another body
     */
    public JobStatus submit(JobSpec spec) {
        var content = Content.of(Json.bytes(spec), Content.JSON);
        var there = store.putIfAbsent(StoreLayout.spec(spec.jobId()), content).ref();
        if (!there.sha256().equals(content.sha256())) {
            throw new DsgException(
                    ErrorCode.DUPLICATE_JOB, "jobId", spec.jobId(), "an id that no job with another body has");
        }
        return begin(spec.jobId(), new JobState.Submitted());
    }

    /**
     * What was asked for.
     *
     * @throws DsgException {@code UNKNOWN_JOB} when there is no such job
     */
    public JobSpec spec(JobId job) {
        return store.read(StoreLayout.spec(job))
                .map(document -> Json.parse(document.bytes(), JobSpec.class))
                .orElseThrow(() -> unknown(job));
    }

    /** Where a job is, if there is one. */
    public Optional<JobStatus> find(JobId job) {
        return store.read(StoreLayout.state(job)).map(JobRepository::status);
    }

    /** All jobs, sorted by id. */
    public List<JobId> jobs() {
        return store.folders(StoreLayout.JOBS).stream()
                .filter(JobId.PATTERN.asMatchPredicate())
                .map(JobId::parse)
                .sorted()
                .toList();
    }

    /**
     * Changes the state of a job, unless it has ended.
     *
     * <p>Many may do so at once: each sees the state that the one before left behind. The transition is therefore called as
     * often as races are lost, and must depend on the state only; it gives back the state it got when there is nothing to
     * change.
     *
     * @return where the job is now
     * @throws DsgException {@code UNKNOWN_JOB} when there is no such job
     */
    public JobStatus update(JobId job, Function<JobState.Active, JobState> transition) {
        return change(job, current -> following(current, transition));
    }

    /**
     * Opens a failed job again; any other is left as it is. Whoever does so has mended what it failed of, and sends its
     * submission once more: then it is planned anew, and what lies in the store is not made again.
     *
     * @return where the job is now
     * @throws DsgException {@code UNKNOWN_JOB} when there is no such job
     */
    public JobStatus reopen(JobId job) {
        return change(
                job,
                current -> current.state() instanceof JobState.Failed failed
                        ? current.reopened(failed.reopened(), clock.instant())
                        : current);
    }

    private JobStatus change(JobId job, UnaryOperator<JobStatus> change) {
        for (int races = 1; races <= MAX_RACES; races++) {
            var document = store.read(StoreLayout.state(job)).orElseThrow(() -> unknown(job));
            var current = status(document);
            var next = change.apply(current);
            if (next.equals(current) || replaced(document, next)) {
                return announced(next);
            }
            pause(races);
        }
        throw new DsgException(ErrorCode.STORE_UNAVAILABLE, "too many change the state of " + job + " at once");
    }

    /**
     * Fails a job, unless it has ended. One that was never put on record is put there as failed, so that whoever submitted
     * it can learn why. That somebody else tried to use its id is no reason for a job to fail, and a message about a job that
     * nobody knows none to make one.
     */
    public void fail(JobId job, DsgException cause) {
        if (cause.code() == ErrorCode.DUPLICATE_JOB || cause.code() == ErrorCode.UNKNOWN_JOB) {
            return;
        }
        var failed = new JobState.Failed(cause.code(), cause.field().orElse(null), cause.getMessage());
        if (find(job).isEmpty()) {
            begin(job, failed);
        }
        update(job, _ -> failed);
    }

    /**
     * Calls a job off, unless it has ended.
     *
     * @return where the job is now
     * @throws DsgException {@code UNKNOWN_JOB} when there is no such job
     */
    public JobStatus cancel(JobId job, String reason) {
        return update(job, active -> active.cancel(reason));
    }

    /**
     * Goes on only with a job that has not ended: for workers, before each larger step.
     *
     * @throws DsgException {@code JOB_CANCELLED} when it has ended, in whatever way; {@code UNKNOWN_JOB} when there is none
     */
    public JobStatus requireActive(JobId job) {
        var status = find(job).orElseThrow(() -> unknown(job));
        return switch (status.state()) {
            case JobState.Active _ -> status;
            case JobState.Terminal ended ->
                throw new DsgException(
                        ErrorCode.JOB_CANCELLED,
                        job + " has ended: " + ended.stage().wireName());
        };
    }

    /** Announces progress within a state. */
    public void progress(JobStatus status, JobEvent.Progress progress) {
        publisher.publish(JobEvent.progressed(status, clock.instant(), progress));
    }

    private JobStatus begin(JobId job, JobState state) {
        var first = JobStatus.first(job, state, clock.instant());
        var put = store.putIfAbsent(StoreLayout.state(job), content(first));
        return announced(put.created() ? first : find(job).orElseThrow(() -> unknown(job)));
    }

    private JobStatus following(JobStatus current, Function<JobState.Active, JobState> transition) {
        return switch (current.state()) {
            case JobState.Terminal _ -> current;
            case JobState.Active active -> {
                var next = transition.apply(active);
                yield next.equals(active) ? current : current.next(next, clock.instant());
            }
        };
    }

    private boolean replaced(Document seen, JobStatus next) {
        return store.compareAndSet(StoreLayout.state(next.jobId()), content(next), seen.etag());
    }

    private JobStatus announced(JobStatus status) {
        publisher.publish(JobEvent.changed(status, clock.instant()));
        return status;
    }

    private void pause(int races) {
        try {
            Thread.sleep(AFTER_RACE.after(races, random));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DsgException(ErrorCode.STORE_UNAVAILABLE, "interrupted while others changed the state", e);
        }
    }

    private static JobStatus status(Document document) {
        return Json.parse(document.bytes(), JobStatus.class);
    }

    private static Content content(JobStatus status) {
        return Content.of(Json.bytes(status), Content.JSON);
    }

    private static DsgException unknown(JobId job) {
        return new DsgException(ErrorCode.UNKNOWN_JOB, "jobId", job, "the id of a job");
    }
}
