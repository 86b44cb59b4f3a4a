package dev.dsg.quantizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Evaluating;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.DeadLetter;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.MessageType;
import dev.dsg.contracts.message.QuantizationTask;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.analysis.NetworkAnalysis;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.Architectures;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RoundingMethod;
import dev.dsg.engine.quantization.Target;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.Json;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sweep looks every two seconds here, so what is to be due to an event has to happen sooner or not depend on it. */
@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class QuantizerServiceTest extends ServiceTest {

    @Test
    void shouldCountBatchesAndQuantizeAfterTheLast() {
        // Given
        var spec = planned("counted");

        // When the second batch is there
        announce(spec, 1);

        // Then
        Await.until(() -> new Synthesizing(1, 2).equals(status(spec).state()));

        // When the first is, too
        announce(spec, 0);

        // Then
        Await.state(jobs, spec.jobId(), Evaluating.class);
        var manifest = manifest(said(EvaluationTask.class)
                .await(said -> said.jobId().equals(spec.jobId()))
                .manifest());
        assertThat(manifest.batches()).containsExactly(batch(spec, 0), batch(spec, 1));
        assertThat(manifest.weights().sha256()).isEqualTo(Sha256.digest(SmallWorld.weights()));
        assertThat(manifest.spec())
                .isEqualTo(store.find(StoreLayout.spec(spec.jobId())).orElseThrow());
        assertThat(manifest.artifact())
                .isEqualTo(store.find(StoreLayout.artifact(spec.jobId())).orElseThrow());
        assertThat(manifest.onnx())
                .isEqualTo(store.find(StoreLayout.onnx(spec.jobId())).orElseThrow());
        assertThat(new String(store.getBytes(manifest.card()), UTF_8))
                .startsWith("# small-model, W4A4\n")
                .contains(manifest.onnx().sha256().hex());
        assertThat(manifest.layerBits()).hasSize(22).containsEntry("conv1.weight", BitWidth.of(4));
        assertThat(manifest.tools()).containsEntry("onnx-opset", "21").containsKeys("djl", "pytorch");
        assertThat(manifest.producer()).startsWith("quantizer-service 0");
    }

    @Test
    void shouldMakeTheSameArtefactOfTheSameBatches() {
        // When
        var one = quantized("same-one");
        var other = quantized("same-other");

        // Then
        assertThat(other.artifact().sha256()).isEqualTo(one.artifact().sha256());
        assertThat(other.onnx().sha256()).isEqualTo(one.onnx().sha256());
        assertThat(other.card().sha256()).isEqualTo(one.card().sha256());
        assertThat(other.analysis().sha256()).isEqualTo(one.analysis().sha256());
    }

    @ParameterizedTest
    @CsvSource({"nearest, reference", "squant, reference", "nearest, onnxruntime", "squant, onnxruntime"})
    void shouldRoundAndAimAsTheJobSays(String rounding, String target) {
        // Given
        var spec = SmallWorld.job(
                rounding + "-" + target, "\"rounding\": \"%s\", \"target\": \"%s\"".formatted(rounding, target));

        // When
        var manifest = quantized(planned(spec));

        // Then the artefact is what the engine makes by these settings
        var expected = new PostTrainingQuantizer(
                        QuantizationSettings.of(Target.valueOf(target.toUpperCase(Locale.ROOT)), 4, 4)
                                .withRounding(RoundingMethod.named(rounding, 0)))
                .quantize(
                        Architectures.build(SmallWorld.ARCHITECTURE, 10, Safetensors.parse(SmallWorld.weights())),
                        List.of(
                                SmallWorld.batch(spec, 0).images(),
                                SmallWorld.batch(spec, 1).images()),
                        ProgressListener.NONE);
        assertThat(manifest.artifact().sha256()).isEqualTo(Sha256.digest(expected.toSafetensors()));
        assertThat(manifest.onnx().sha256()).isEqualTo(Sha256.digest(expected.toOnnx(Shape.of(3, 32, 32))));
    }

    @Test
    void shouldTellWhatQuantizationDid() {
        // When
        var manifest = quantized("told");

        // Then the numbers lie beside the artefact, and its manifest names them
        var job = manifest.jobId();
        assertThat(manifest.analysis())
                .isEqualTo(store.find(StoreLayout.layers(job)).orElseThrow());
        var analysis = Json.parse(store.getBytes(manifest.analysis()), NetworkAnalysis.class);
        assertThat(analysis.images()).isEqualTo(6);
        assertThat(analysis.layers()).hasSize(22);

        // And so do pictures
        assertThat(store.list(StoreLayout.analysis(job)))
                .extracting(key -> key.toString().replaceFirst(".*/", ""))
                .containsExactly("diversity.png", "layers.json", "layers.png", "samples.png", "statistics.png");
        assertThat(store.getBytes(
                        store.find(StoreLayout.picture(job, "samples.png")).orElseThrow()))
                .startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void shouldDoWithoutAPictureThatCannotBeDrawn() {
        // Given what Java says on a machine without fonts
        var job = JobId.parse("fontless");

        // When
        new Analysis(store).draw(job, "layers.png", () -> {
            throw new Error("Probable fatal error: No physical fonts found.");
        });

        // Then
        assertThat(store.list(StoreLayout.analysis(job))).isEmpty();
    }

    @Test
    void shouldNotWaitForAnEventThatWasLost() {
        // Given
        var spec = planned("lost");

        // When batches come to lie in the store and nobody says so
        putBatches(spec);

        // Then
        Await.state(jobs, spec.jobId(), Evaluating.class);
    }

    @Test
    void shouldAskOnceHoweverOftenBatchesAreAnnounced() {
        // Given
        var spec = planned("repeated");
        putBatches(spec);

        // When
        for (int i = 0; i < 4; i++) {
            announce(spec, i % 2);
        }

        // Then
        Await.state(jobs, spec.jobId(), Evaluating.class);
        assertThat(said(QuantizationTask.class).all(said -> said.jobId().equals(spec.jobId())))
                .hasSize(1);
    }

    @Test
    void shouldNotNeedThePlannersWordWhenAllBatchesAreThere() {
        // Given a planner that is slow to say that it has handed all tasks out
        var spec = accepted("hasty");
        assertThat(status(spec).state()).isInstanceOf(Submitted.class);

        // When
        putBatches(spec);
        announce(spec, 0);

        // Then every stage is on record
        var status = Await.status(jobs, spec.jobId(), Evaluating.class);
        assertThat(status.history())
                .extracting(JobStatus.Entry::stage)
                .containsExactly(Stage.SUBMITTED, Stage.SYNTHESIZING, Stage.QUANTIZING, Stage.EVALUATING);
    }

    @Test
    void shouldOnlyAnnounceAnArtefactThatIsThere() {
        // Given
        var manifest = quantized("announced");

        // When the task comes again
        publisher.publish(new QuantizationTask(manifest.jobId()));

        // Then the same is said again
        var said = said(EvaluationTask.class).await(2, task -> task.jobId().equals(manifest.jobId()));
        assertThat(said.get(1)).isEqualTo(said.get(0));
        assertThat(manifest(said.get(1).manifest())).isEqualTo(manifest);
    }

    @Test
    void shouldHealAQuantizerThatDiedBeforeTheManifest() {
        // Given one that put the artefact and no more
        var expected = quantized("undisturbed");
        var spec = planned("died");
        putBatches(spec);
        SmallWorld.put(store, StoreLayout.artifact(spec.jobId()), store.getBytes(expected.artifact()));

        // When its task comes again
        publisher.publish(new QuantizationTask(spec.jobId()));

        // Then
        var manifest = manifest(said(EvaluationTask.class)
                .await(said -> said.jobId().equals(spec.jobId()))
                .manifest());
        assertThat(manifest.artifact().sha256()).isEqualTo(expected.artifact().sha256());
        assertThat(manifest.onnx().sha256()).isEqualTo(expected.onnx().sha256());
    }

    @Test
    void shouldFailAJobWhoseBatchIsNone() {
        // Given
        var spec = planned("rotten");
        SmallWorld.putBatch(store, spec, 0);
        SmallWorld.put(store, StoreLayout.batch(spec.jobId(), 1), "no tensors".getBytes(UTF_8));

        // When
        publisher.publish(new QuantizationTask(spec.jobId()));

        // Then
        assertThat(Await.state(jobs, spec.jobId(), Failed.class).code()).isEqualTo(ErrorCode.CORRUPT_OBJECT);
        letter("rotten");
        assertThat(store.find(StoreLayout.manifest(spec.jobId()))).isEmpty();
    }

    @Test
    void shouldPassOverAJobThatHasEnded() {
        // Given
        var spec = planned("cancelled");
        jobs.cancel(spec.jobId(), "enough");
        putBatches(spec);

        // When its task comes, and another job after it
        publisher.publish(new QuantizationTask(spec.jobId()));
        quantized("after-cancelled");

        // Then
        assertThat(store.find(StoreLayout.artifact(spec.jobId()))).isEmpty();
        assertThat(said(DeadLetter.class)
                        .all(said -> "cancelled".equals(said.origin().key())))
                .isEmpty();
    }

    @Test
    void shouldDeadLetterAnEventThatIsNone() {
        // When
        var garbage = new ProducerRecord<>(Topics.BATCHES, "garbled", "{".getBytes(UTF_8));
        garbage.headers().add(CloudEvents.TYPE, MessageType.BATCH_READY.ceType().getBytes(UTF_8));
        sender.send(garbage).toCompletableFuture().join();

        // Then
        var letter = letter("garbled");
        assertThat(letter.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE);
        assertThat(letter.origin().topic()).isEqualTo(Topics.BATCHES);

        // And the next one is heard
        quantized("after-garbled");
    }

    @Test
    void shouldServeProbesAndMetrics() {
        shouldServePages(Topics.QUANTIZATION_GROUP);
    }

    private JobSpec planned(String id) {
        return planned(SmallWorld.job(id));
    }

    private JobSpec planned(JobSpec spec) {
        accepted(spec);
        jobs.update(spec.jobId(), state -> state instanceof Submitted s ? s.synthesizing(2) : state);
        return spec;
    }

    private void putBatches(JobSpec spec) {
        SmallWorld.putBatch(store, spec, 0);
        SmallWorld.putBatch(store, spec, 1);
    }

    private void announce(JobSpec spec, int index) {
        publisher.publish(new BatchReady(spec.jobId(), index, SmallWorld.putBatch(store, spec, index)));
    }

    private Manifest quantized(String id) {
        return quantized(planned(id));
    }

    private Manifest quantized(JobSpec spec) {
        putBatches(spec);
        announce(spec, 1);
        return manifest(said(EvaluationTask.class)
                .await(said -> said.jobId().equals(spec.jobId()))
                .manifest());
    }

    private JobStatus status(JobSpec spec) {
        return jobs.find(spec.jobId()).orElseThrow();
    }

    private ObjectRef batch(JobSpec spec, int index) {
        return store.find(StoreLayout.batch(spec.jobId(), index)).orElseThrow();
    }

    private Manifest manifest(ObjectRef ref) {
        return Json.parse(store.getBytes(ref), Manifest.class);
    }
}
