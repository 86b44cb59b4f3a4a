package dev.dsg.quantizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.format.onnx.OnnxModel;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.engine.tensor.Libraries;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.job.ProgressReporter;
import dev.dsg.platform.queue.Task;
import dev.dsg.platform.queue.TaskHandler;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Json;
import dev.dsg.quantizer.Quantization.Outcome;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes the artefact of a job: the same bytes, whoever makes it and however often.
 *
 * <p>The put of the manifest is the commit point: before it there is no artefact, whatever lies beside it. A manifest
 * that is there already is only announced, so a worker that died after its put is healed by whoever gets the task next.
 */
@Singleton
final class QuantizationWorker implements TaskHandler<QuantizationTask> {

    private static final Logger LOG = LoggerFactory.getLogger(QuantizationWorker.class);

    private final JobRepository jobs;
    private final ObjectStore store;
    private final Catalog catalog;
    private final BatchCollector collector;
    private final Quantization quantization;
    private final Training training;
    private final Analysis analysis;
    private final EventPublisher publisher;
    private final String producer;

    QuantizationWorker(
            JobRepository jobs,
            ObjectStore store,
            Catalog catalog,
            BatchCollector collector,
            Quantization quantization,
            Training training,
            Analysis analysis,
            EventPublisher publisher,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.jobs = jobs;
        this.store = store;
        this.catalog = catalog;
        this.collector = collector;
        this.quantization = quantization;
        this.training = training;
        this.analysis = analysis;
        this.publisher = publisher;
        this.producer = name + " " + version;
    }

    @Override
    public void handle(Task<QuantizationTask> task) throws InterruptedException {
        JobId job = task.message().jobId();
        MDC.put("stage", "quantization");

        jobs.requireActive(job);
        JobSpec spec = jobs.spec(job);
        ModelCard card = catalog.modelOf(spec);
        JobStatus status = collector.toQuantizing(spec);
        Optional<ObjectRef> manifest = store.find(StoreLayout.manifest(job));
        if (manifest.isEmpty()) {
            manifest = spec.quantization().scheme().trains()
                    ? trained(spec, card, status, task)
                    : Optional.of(quantized(spec, card, status, task));
        }
        if (manifest.isEmpty()) {
            publisher.publish(task.message());
            LOG.info("left to another worker");
            return;
        }
        if (spec.quantization().scheme().trains()) {
            training.forget(spec, card);
        }
        publisher.publish(new EvaluationTask(job, manifest.get()));
        // After the task, as the collector does: a job that says it is being evaluated has somebody who does it.
        jobs.update(job, state -> state instanceof Quantizing s ? s.evaluating() : state);
        LOG.info("artefact ready");
    }

    private ObjectRef quantized(JobSpec spec, ModelCard card, JobStatus status, Task<QuantizationTask> task) {
        var progress = new ProgressReporter(jobs, status, "quantization", task::cancelled, InstantSource.system());
        List<ObjectRef> batches = batches(spec);
        try {
            return commit(spec, card, quantization.quantize(spec, card, batches, progress::report), batches, null);
        } catch (EngineException e) {
            throw translated("quantization.", e);
        }
    }

    /** Empty if another worker is to go on with it. */
    private Optional<ObjectRef> trained(JobSpec spec, ModelCard card, JobStatus status, Task<QuantizationTask> task)
            throws InterruptedException {
        try {
            return training.train(spec, card, status, task)
                    .map(trained -> BatchWindow.streams(spec)
                            ? commit(spec, card, trained.outcome(), List.of(), trained.stream())
                            : commit(spec, card, trained.outcome(), batches(spec), null))
                    .or(() -> store.find(StoreLayout.manifest(spec.jobId())));
        } catch (EngineException e) {
            throw translated("training.", e);
        }
    }

    private static DsgException translated(String part, EngineException e) {
        return new DsgException(ErrorCode.valueOf(e.kind().code()), part + e.field(), e.value(), e.expected(), e);
    }

    private List<ObjectRef> batches(JobSpec spec) {
        return IntStream.range(0, spec.synthesis().batches())
                .mapToObj(index -> found(StoreLayout.batch(spec.jobId(), index)))
                .toList();
    }

    private ObjectRef found(ObjectKey key) {
        return store.find(key).orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_OBJECT, key + " is missing"));
    }

    /** Puts the artefact and all that belongs to it; of images that were deleted, {@code stream} is what is known. */
    private ObjectRef commit(
            JobSpec spec, ModelCard card, Outcome outcome, List<ObjectRef> batches, BatchStream stream) {
        QuantizedNetwork network = outcome.quantized();
        ObjectRef artifact = put(StoreLayout.artifact(spec.jobId()), network.toSafetensors());
        ObjectRef onnx = put(StoreLayout.onnx(spec.jobId()), network.toOnnx(input(card)));
        ObjectRef text = put(
                StoreLayout.artifactCard(spec.jobId()),
                new ArtifactCard(spec, card, network, batches, stream, onnx)
                        .toMarkdown()
                        .getBytes(UTF_8));
        ObjectRef layers = analysis.keep(spec.jobId(), card, outcome);
        var manifest = new Manifest(
                spec.jobId(),
                spec.model(),
                card.weights(),
                found(StoreLayout.spec(spec.jobId())),
                spec.synthesis(),
                spec.quantization(),
                spec.training(),
                spec.seed(),
                batches,
                stream,
                artifact,
                onnx,
                text,
                layers,
                layerBits(network),
                producer,
                Map.of(
                        "djl", Libraries.djl(),
                        "pytorch", Libraries.pytorch(),
                        "onnx-opset", Integer.toString(OnnxModel.OPSET)));
        return store.putIfAbsent(StoreLayout.manifest(spec.jobId()), Content.of(Json.bytes(manifest), Content.JSON))
                .ref();
    }

    private static Map<String, BitWidth> layerBits(QuantizedNetwork network) {
        Map<String, BitWidth> bits = new TreeMap<>();
        network.weights()
                .forEach((name, weight) ->
                        bits.put(name, BitWidth.of(weight.quantizer().bits().bits())));
        return bits;
    }

    private static Shape input(ModelCard card) {
        ImageShape shape = card.inputShape();
        return Shape.of(shape.channels(), shape.height(), shape.width());
    }

    private ObjectRef put(ObjectKey key, byte[] bytes) {
        return store.putIfAbsent(key, Content.of(bytes, Content.BINARY)).ref();
    }

    @Override
    public void rejected(JobId job, DsgException cause) {
        jobs.fail(job, cause);
    }
}
