package dev.dsg.generator;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.queue.TaskHandler;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes one batch of images: the same bytes, whoever makes it and however often.
 *
 * <p>A batch that is there already is only announced, so a worker that died after its put is healed by whoever gets the
 * task next. With a job that has ended, the task ends too, between two iterations. A job whose images come from a
 * generator network has one task only, which is {@link StreamWorker}'s.
 */
@Singleton
final class SynthesisWorker implements TaskHandler<SynthesisTask> {

    private static final Logger LOG = LoggerFactory.getLogger(SynthesisWorker.class);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Catalog catalog;
    private final Networks networks;
    private final MarginCache margins;
    private final StreamWorker streams;
    private final EventPublisher publisher;

    SynthesisWorker(
            JobRepository jobs,
            ObjectStore store,
            Catalog catalog,
            Networks networks,
            MarginCache margins,
            StreamWorker streams,
            EventPublisher publisher) {
        this.jobs = jobs;
        this.store = store;
        this.catalog = catalog;
        this.networks = networks;
        this.margins = margins;
        this.streams = streams;
        this.publisher = publisher;
    }

    @Override
    public void handle(Task<SynthesisTask> task) throws InterruptedException {
        JobId job = task.message().jobId();
        MDC.put("stage", "synthesis");

        JobStatus status = jobs.requireActive(job);
        JobSpec spec = jobs.spec(job);
        if (StreamWorker.makes(spec)) {
            streams.run(task, spec, status);
        } else {
            makeBatch(task, spec, status);
        }
    }

    private void makeBatch(Task<SynthesisTask> task, JobSpec spec, JobStatus status) {
        JobId job = spec.jobId();
        int index = task.message().batchIndex();
        MDC.put("batch", StoreLayout.padded(index));
        ObjectKey key = StoreLayout.batch(job, index);
        ObjectRef batch = store.find(key).orElseGet(() -> make(key, index, spec, status, task::cancelled));
        publisher.publish(new BatchReady(job, index, batch));
        LOG.info("batch ready");
    }

    private ObjectRef make(ObjectKey key, int index, JobSpec spec, JobStatus status, BooleanSupplier cancelled) {
        SynthesisSpec how = spec.synthesis();
        int count = how.imagesIn(index);
        ModelCard card = catalog.modelOf(spec);
        try (Synthesizer synthesizer = networks.synthesizer(card)) {
            var probing = progress(status, "probe", cancelled);
            Margins slack = margins.margins(card, how, synthesizer, probing::report);
            var optimizing = progress(status, "batch/" + StoreLayout.padded(index), cancelled);
            byte[] made = synthesizer
                    .synthesize(
                            Settings.of(how),
                            slack,
                            spec.seed(),
                            index,
                            index * how.batchSize(),
                            count,
                            optimizing::report)
                    .toSafetensors(Settings.encoding(spec));
            return store.putIfAbsent(key, Content.of(made, Content.BINARY)).ref();
        } catch (EngineException e) {
            throw EngineFailures.translate(e);
        }
    }

    private ProgressReporter progress(JobStatus status, String name, BooleanSupplier cancelled) {
        return new ProgressReporter(jobs, status, name, cancelled, InstantSource.system());
    }

    @Override
    public void rejected(JobId job, DsgException cause) {
        jobs.fail(job, cause);
    }
}
