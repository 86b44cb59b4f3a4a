package dev.dsg.standalone.job;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.JobCancelled;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import java.util.List;
import java.util.Optional;

/** The jobs of a running system: told to the broker, looked up in the store. */
public final class Jobs {

    private final ObjectStore store;
    private final EventPublisher publisher;

    /** Of the system with this store and broker. */
    public Jobs(ObjectStore store, EventPublisher publisher) {
        this.store = store;
        this.publisher = publisher;
    }

    /**
     * Submits a job; it is safe with the broker when this returns.
     *
     * @throws DsgException {@code DUPLICATE_JOB} when another job has this id
     */
    public void submit(JobSpec spec) {
        var there = document(StoreLayout.spec(spec.jobId()), JobSpec.class);
        if (there.isPresent() && !there.get().equals(spec)) {
            throw new DsgException(
                    ErrorCode.DUPLICATE_JOB, "jobId", spec.jobId(), "an id that no job with another body has");
        }
        publisher.publish(new JobSubmitted(spec));
    }

    /** Asks for a job to be called off; its state will say when it is. */
    public void cancel(JobId job, String reason) {
        publisher.publish(new JobCancelled(job, reason));
    }

    /** Where a job is; empty until it has been accepted or refused. */
    public Optional<JobStatus> status(JobId job) {
        return document(StoreLayout.state(job), JobStatus.class);
    }

    /**
     * Where a job is that must be there.
     *
     * @throws DsgException {@code UNKNOWN_JOB} when it is not
     */
    public JobStatus requireStatus(JobId job) {
        return status(job).orElseThrow(() -> unknown(job));
    }

    /** What a job was to do; empty for one that was refused. */
    public Optional<JobSpec> spec(JobId job) {
        return document(StoreLayout.spec(job), JobSpec.class);
    }

    /** What a job achieved; empty unless it is completed. */
    public Optional<JobReport> report(JobId job) {
        return document(StoreLayout.report(job), JobReport.class);
    }

    /** What quantization did to the network of a job; empty if it is not done, or was before there were analyses. */
    public Optional<NetworkAnalysis> analysis(JobId job) {
        return document(StoreLayout.layers(job), NetworkAnalysis.class);
    }

    /** The ids of all jobs, in their order. */
    public List<JobId> list() {
        return store.folders(StoreLayout.JOBS).stream().map(JobId::parse).toList();
    }

    private <T> Optional<T> document(ObjectKey key, Class<T> type) {
        return store.read(key).map(document -> Json.parse(document.bytes(), type));
    }

    private static DsgException unknown(JobId job) {
        return new DsgException(ErrorCode.UNKNOWN_JOB, "jobId", job, "one of those that `dsg jobs` lists");
    }
}
