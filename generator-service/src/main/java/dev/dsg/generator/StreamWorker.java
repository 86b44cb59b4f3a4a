package dev.dsg.generator;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Statistics;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.qat.ImageGenerator;
import dev.dsg.engine.qat.StepReport;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.checkpoint.Checkpoints;
import dev.dsg.platform.checkpoint.Fingerprint;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Trains the generator network of a job, which from the end of its warm-up on makes a batch at every step: the same bytes,
 * whoever trains it and however often it was interrupted.
 *
 * <p>It never runs further ahead of the student than {@link Demand} has room for. A checkpoint comes after the batches of
 * all its steps were put, so whoever goes on from it has nothing to make up for; what it then makes again, because its
 * predecessor was further, is there already or was deleted after use.
 */
@Singleton
final class StreamWorker {

    private static final Logger LOG = LoggerFactory.getLogger(StreamWorker.class);
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Catalog catalog;
    private final Networks networks;
    private final MarginCache margins;
    private final EventPublisher publisher;
    private final MeterRegistry meters;
    private final StreamMetrics metrics;
    private final String code;
    private final Duration quiet;

    StreamWorker(
            JobRepository jobs,
            ObjectStore store,
            Catalog catalog,
            Networks networks,
            MarginCache margins,
            EventPublisher publisher,
            MeterRegistry meters,
            StreamMetrics metrics,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "dsg.checkpoints.quiet", defaultValue = "PT60S") Duration quiet) {
        this.jobs = jobs;
        this.store = store;
        this.catalog = catalog;
        this.networks = networks;
        this.margins = margins;
        this.publisher = publisher;
        this.meters = meters;
        this.metrics = metrics;
        this.code = name + " " + version;
        this.quiet = quiet;
    }

    /** How an attempt ended. */
    private enum End {
        /** All batches are made. */
        DONE,
        /** The worker leaves; another goes on. */
        LEAVING,
        /** Another worker is at it. */
        OVERTAKEN
    }

    /** Makes what the student has not got yet. */
    void run(Task<SynthesisTask> task, JobSpec spec, JobStatus status) throws InterruptedException {
        var stream = new Stream(task, spec, status);
        stream.demand.look();
        while (!stream.demand.met()) {
            End end = task.stopping() ? End.LEAVING : stream.attempt();
            LOG.info("stream {} at {}", end, stream.at);
            switch (end) {
                case DONE -> stream.requireMet();
                case LEAVING -> {
                    publisher.publish(task.message());
                    return;
                }
                case OVERTAKEN -> stream.awaitOther();
            }
        }
        stream.checkpoints.clear();
    }

    /** One job's stream, on one worker. */
    private final class Stream {
        private final Task<SynthesisTask> task;
        private final JobSpec spec;
        private final TrainingSpec how;
        private final ModelCard card;
        private final JobStatus status;
        private final Demand demand;
        private final Checkpoints checkpoints;
        private final ProgressReporter progress;
        private final int warmup;
        private final int total;
        /** Steps of the generator made so far, warm-up included. */
        private int at;

        Stream(Task<SynthesisTask> task, JobSpec spec, JobStatus status) {
            this.task = task;
            this.spec = spec;
            this.how = spec.training();
            this.card = catalog.modelOf(spec);
            this.status = status;
            this.demand = new Demand(store, spec);
            this.checkpoints =
                    new Checkpoints(store, spec.jobId(), "generator", Fingerprint.of(spec, card, code), meters);
            this.progress = reporter("generator");
            this.warmup = how.warmupEpochs() * how.iterationsPerEpoch();
            this.total = warmup + how.steps();
        }

        /** Goes on from the last checkpoint. */
        End attempt() throws InterruptedException {
            try (Synthesizer synthesizer = networks.synthesizer(card);
                    ImageGenerator generator = networks.generator(
                            card,
                            Settings.generator(spec),
                            margins.margins(
                                    card,
                                    spec.synthesis(),
                                    Statistics.BATCH,
                                    synthesizer,
                                    reporter("probe")::report))) {
                checkpoints.latest().ifPresent(saved -> generator.restore(saved.content()));
                at = generator.position();
                return train(generator);
            } catch (EngineException e) {
                throw EngineFailures.translate("training", e);
            }
        }

        private End train(ImageGenerator generator) throws InterruptedException {
            int saved = at;
            while (at < total) {
                if (!mayStep()) {
                    return demand.met() ? End.DONE : leave(generator, saved);
                }
                StepReport report = generator.step();
                metrics.step();
                if (at >= warmup && demand.needs(at - warmup)) {
                    put(at - warmup, generator.batch());
                }
                at = generator.position();
                progress.report(at, total, measures(report));
                if (at % how.checkpointSteps() == 0) {
                    if (!checkpoints.commit(at, generator.checkpoint(), null)) {
                        return End.OVERTAKEN;
                    }
                    saved = at;
                }
            }
            return End.DONE;
        }

        /** Waits until the next step has room for its batch; not if there is nothing to step for any more. */
        private boolean mayStep() throws InterruptedException {
            long begin = System.nanoTime();
            while (!task.stopping() && at >= warmup && !demand.hasRoom()) {
                demand.look();
                if (demand.met()) {
                    return false;
                }
                if (!demand.hasRoom()) {
                    progress.report(at, total);
                    Thread.sleep(GLANCE);
                    metrics.waited(System.nanoTime() - begin);
                    begin = System.nanoTime();
                }
            }
            return !task.stopping();
        }

        /** If another worker is at it, too, its checkpoints will do. */
        private End leave(ImageGenerator generator, int saved) {
            if (at > saved) {
                checkpoints.commit(at, generator.checkpoint(), null);
            }
            return End.LEAVING;
        }

        private void put(int index, SyntheticBatch batch) {
            MDC.put("batch", StoreLayout.padded(index));
            ObjectKey key = StoreLayout.batch(spec.jobId(), index);
            byte[] bytes = batch.toSafetensors(Settings.encoding(spec));
            ObjectRef ref =
                    store.putIfAbsent(key, Content.of(bytes, Content.BINARY)).ref();
            demand.put(key);
            metrics.lead(demand.lead(index));
            publisher.publish(new BatchReady(spec.jobId(), index, ref));
        }

        private void requireMet() {
            demand.look();
            if (!demand.met()) {
                throw new DsgException(ErrorCode.CORRUPT_OBJECT, "batches that the student needs are gone");
            }
        }

        void awaitOther() throws InterruptedException {
            checkpoints.awaitQuiet(quiet, () -> {
                progress.report(at, total);
                demand.look();
                return task.stopping() || demand.met();
            });
        }

        private ProgressReporter reporter(String name) {
            return new ProgressReporter(jobs, status, name, task::cancelled, InstantSource.system());
        }
    }

    /** What can be told: a loss that is no number cannot. */
    private static Map<String, Double> measures(StepReport report) {
        Map<String, Double> measures = new TreeMap<>(report.terms());
        measures.put("loss", report.loss());
        measures.put("agreement", report.agreement());
        measures.values().removeIf(value -> !Double.isFinite(value));
        return measures;
    }

    /** Whether a job's images come from here. */
    static boolean makes(JobSpec spec) {
        return spec.training() != null && spec.training().source() == TrainingSource.GENERATOR;
    }
}
