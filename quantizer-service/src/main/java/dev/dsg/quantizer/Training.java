package dev.dsg.quantizer;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.qat.Replay;
import dev.dsg.engine.qat.StepReport;
import dev.dsg.engine.qat.Student;
import dev.dsg.platform.checkpoint.Checkpoints;
import dev.dsg.platform.checkpoint.Fingerprint;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.quantizer.Quantization.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the student of a job on its batches, as they come: the same bytes, whoever trains it and however often it was
 * interrupted.
 *
 * <ol>
 *   <li>It starts as post-training quantization leaves it, calibrated on batch 0, or from its last checkpoint.
 *   <li>Each step draws its images from the window of batches visited last. One that is not there yet is waited for.
 *   <li>Every so many steps, and when the worker leaves, there is a checkpoint; batches that nobody needs any more are
 *       deleted after it.
 *   <li>The student of the last checkpoint is the result.
 * </ol>
 */
@Singleton
final class Training {

    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final String WORK = "student";
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Quantization quantization;
    private final MeterRegistry meters;
    private final TrainingMetrics metrics;
    private final String code;
    private final Duration quiet;
    private final Duration delay;

    /**
     * @param quiet after how long without a checkpoint another worker on the same job counts as gone
     * @param delay a pause after every step, so that tests can see what a slow student does to the rest
     */
    Training(
            JobRepository jobs,
            ObjectStore store,
            Quantization quantization,
            MeterRegistry meters,
            TrainingMetrics metrics,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "dsg.checkpoints.quiet", defaultValue = "PT60S") Duration quiet,
            @ConfigProperty(name = "dsg.training.delay", defaultValue = "PT0S") Duration delay) {
        this.jobs = jobs;
        this.store = store;
        this.quantization = quantization;
        this.meters = meters;
        this.metrics = metrics;
        this.code = name + " " + version;
        this.quiet = quiet;
        this.delay = delay;
    }

    /**
     * What came of a training.
     *
     * @param outcome the student, beside what it started from
     * @param stream the batches that it visited, in that order
     */
    record Trained(Outcome outcome, BatchStream stream) {}

    /** The work is to be left to another worker: this one goes, or that one is at it already. */
    private static final class Interruption extends RuntimeException {
        private final boolean leaving;

        Interruption(boolean leaving) {
            super(leaving ? "worker leaves" : "another worker is at it", null, false, false);
            this.leaving = leaving;
        }
    }

    /**
     * Trains to the end.
     *
     * @return empty if it did not come to that: because the worker has to leave, or the artefact is there by now
     */
    Optional<Trained> train(JobSpec spec, ModelCard card, JobStatus status, Task<QuantizationTask> task)
            throws InterruptedException {
        var run = new Run(spec, card, status, task);
        while (!task.stopping() && !committed(spec)) {
            try {
                return Optional.of(run.toTheEnd());
            } catch (Interruption e) {
                LOG.info("training interrupted at step {}: {}", run.position, e.getMessage());
                if (!e.leaving) {
                    run.awaitOther();
                }
            } catch (DsgException e) {
                // Who is done deletes what a training needs, also under the hands of another who is at it.
                if (e.code() != ErrorCode.CORRUPT_OBJECT || !committed(spec)) {
                    throw e;
                }
            }
        }
        return Optional.empty();
    }

    /** Deletes what only a training needed, once its artefact is there. */
    void forget(JobSpec spec, ModelCard card) {
        checkpoints(spec, card).clear();
        if (BatchWindow.streams(spec)) {
            store.deleteAll(StoreLayout.batches(spec.jobId()));
        }
    }

    private boolean committed(JobSpec spec) {
        return store.find(StoreLayout.manifest(spec.jobId())).isPresent();
    }

    private Checkpoints checkpoints(JobSpec spec, ModelCard card) {
        return new Checkpoints(store, spec.jobId(), WORK, Fingerprint.of(spec, card, code), meters);
    }

    /** One job's training, on one worker. */
    private final class Run {
        private final JobSpec spec;
        private final ModelCard card;
        private final JobStatus status;
        private final Task<QuantizationTask> task;
        private final Checkpoints checkpoints;
        private final BatchWindow window;
        private final ProgressReporter progress;
        private final int steps;

        /** Steps done. */
        private int position;
        /** Steps done at the last checkpoint. */
        private int saved;
        /** What they saw. */
        private BatchStream stream;

        Run(JobSpec spec, ModelCard card, JobStatus status, Task<QuantizationTask> task) {
            this.spec = spec;
            this.card = card;
            this.status = status;
            this.task = task;
            this.checkpoints = checkpoints(spec, card);
            this.window = new BatchWindow(store, spec, Settings.replay(spec));
            this.progress = reporter("training");
            this.steps = spec.training().steps();
        }

        Trained toTheEnd() throws InterruptedException {
            Outcome start =
                    quantization.quantize(spec, card, List.of(first()), staying(reporter("quantization")::report));
            try (Student student = quantization.student(spec, start)) {
                resume(student);
                int since = position;
                long begin = System.nanoTime();
                while (position < steps) {
                    awaitBatches(student);
                    Replay.Minibatch images = window.minibatch(position);
                    StepReport report = student.step(images.images(), images.labels());
                    stream = stream.then(window.digest(position));
                    position = student.position();
                    metrics.step(report, window.size());
                    double perSecond = (position - since) * 1e9 / (System.nanoTime() - begin);
                    progress.report(
                            position,
                            steps,
                            measures(report, perSecond * images.images().size(0)));
                    if (position % spec.training().checkpointSteps() == 0 || position == steps) {
                        save(student);
                    }
                    Thread.sleep(delay);
                }
                return new Trained(
                        new Outcome(start.network(), start.exact(), student.result(), start.images()), stream);
            }
        }

        private ObjectRef first() {
            var key = StoreLayout.batch(spec.jobId(), 0);
            return store.find(key).orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_OBJECT, key + " is missing"));
        }

        /** Where the last checkpoint is; there may be batches that whoever committed it did not come to delete. */
        private void resume(Student student) {
            stream = BatchStream.EMPTY;
            checkpoints.latest().ifPresent(last -> {
                student.restore(last.content());
                stream = last.stream();
            });
            position = student.position();
            saved = position;
            window.deleteConsumed(saved);
            LOG.info("training from step {} of {}", position, steps);
        }

        private void awaitBatches(Student student) throws InterruptedException {
            leaveIfAsked(student);
            if (window.hold(position)) {
                return;
            }
            long begin = System.nanoTime();
            do {
                leaveToOther();
                // A generator that was given up may put again what was deleted, in the room of the one in its place.
                window.deleteConsumed(saved);
                progress.report(position, steps);
                Thread.sleep(GLANCE);
                leaveIfAsked(student);
            } while (!window.hold(position));
            metrics.waited(System.nanoTime() - begin);
        }

        private void save(Student student) {
            if (!checkpoints.commit(position, student.checkpoint(), stream)) {
                throw new Interruption(false);
            }
            saved = position;
            window.deleteConsumed(saved);
        }

        private void leaveIfAsked(Student student) {
            if (task.stopping()) {
                if (position > saved) {
                    save(student);
                }
                throw new Interruption(true);
            }
        }

        /** Batches that another has done with are deleted; who still waits for one would wait for ever. */
        private void leaveToOther() {
            if (committed(spec)
                    || Checkpoints.position(store, spec.jobId(), WORK).orElse(0) > saved) {
                throw new Interruption(false);
            }
        }

        void awaitOther() throws InterruptedException {
            checkpoints.awaitQuiet(quiet, () -> {
                progress.report(position, steps);
                return task.stopping() || committed(spec);
            });
        }

        private ProgressListener staying(ProgressListener listener) {
            return (done, total) -> {
                if (task.stopping()) {
                    throw new Interruption(true);
                }
                listener.progress(done, total);
            };
        }

        private ProgressReporter reporter(String name) {
            return new ProgressReporter(jobs, status, name, task::cancelled, InstantSource.system());
        }
    }

    /** What can be told: a loss that is no number cannot. */
    private static Map<String, Double> measures(StepReport report, double imagesPerSecond) {
        Map<String, Double> measures = new TreeMap<>(report.terms());
        measures.put("loss", report.loss());
        measures.put("agreement", report.agreement());
        measures.put("imagesPerSecond", imagesPerSecond);
        measures.values().removeIf(value -> !Double.isFinite(value));
        return measures;
    }
}
