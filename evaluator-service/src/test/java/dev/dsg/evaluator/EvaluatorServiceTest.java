package dev.dsg.evaluator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.Geometry;
import dev.dsg.contracts.catalog.ImageForm;
import dev.dsg.contracts.catalog.Interpolation;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobState.Completed;
import dev.dsg.contracts.job.JobState.Failed;
import dev.dsg.contracts.job.JobState.Quantizing;
import dev.dsg.contracts.job.JobState.Submitted;
import dev.dsg.contracts.job.JobState.Synthesizing;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.EarlierResult;
import dev.dsg.contracts.result.Gate;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.result.Speed;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.EncodedImages;
import dev.dsg.engine.data.Image;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Images;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.evaluation.Evaluator;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.QuantizedNetwork;
import dev.dsg.evaluator.report.ReportText;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.wire.Json;
import dev.dsg.testing.Await;
import dev.dsg.testing.EmbeddedServers;
import dev.dsg.testing.ServiceTest;
import dev.dsg.testing.SmallWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class EvaluatorServiceTest extends ServiceTest {

    private static final Shape SHAPE = Shape.of(3, 32, 32);

    @Test
    void shouldMeasureReportAndComplete() {
        // Given
        var spec = quantized("measured");
        var manifest = putManifest(spec, artifact(spec));

        // When
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));

        // Then
        Await.state(jobs, spec.jobId(), Completed.class);
        var said = said(ReportReady.class).await(one -> one.jobId().equals(spec.jobId()));
        var report = Json.parse(store.getBytes(said.report()), JobReport.class);
        assertThat(report.accuracy().images()).isEqualTo(SmallWorld.IMAGES);
        assertThat(topK(report.accuracy().fp32())).isEqualTo(expected());
        assertThat(report.accuracy().agreement()).isBetween(0.0, 1.0);
        assertThat(report.digests())
                .isEqualTo(JobReport.Digests.of(
                        Json.parse(store.getBytes(manifest), Manifest.class),
                        new Catalog(store).dataset(SmallWorld.DATASET).digest()));
        assertThat(report.seconds().total())
                .isGreaterThanOrEqualTo(report.seconds().evaluation());
        assertThat(report.quantization()).isEqualTo(spec.quantization());

        // And what ONNX Runtime computes is what was predicted
        assertThat(report.onnx().agreement()).isGreaterThanOrEqualTo(0.95);
        assertThat(report.onnx().quantized().top1())
                .isCloseTo(report.accuracy().quantized().top1(), within(0.05));
        assertThat(report.onnx().bytes()).isLessThan(report.onnx().fp32Bytes() / 4);

        // And it says how sure that is, class by class, and how fast it runs
        assertThat(report.accuracy().fp32().top1())
                .isBetween(
                        report.accuracy().fp32().top1Interval().low(),
                        report.accuracy().fp32().top1Interval().high());
        assertThat(report.accuracy().classes().stream()
                        .mapToInt(Accuracy.ClassScore::images)
                        .sum())
                .isEqualTo(SmallWorld.IMAGES);
        assertThat(report.speed().paces()).extracting(Speed.Pace::batch).containsExactly(1, 16);
        assertThat(report.gate().verdict()).isEqualTo(Gate.Verdict.UNASKED);

        // And people can read it
        assertThat(new String(
                        store.getBytes(
                                store.find(StoreLayout.reportText(spec.jobId())).orElseThrow()),
                        UTF_8))
                .isEqualTo(ReportText.of(report))
                .startsWith("# small-model, ptq W4A4\n\nJob measured, ")
                .contains("| top-1 | ");

        // And it told how far it was, over both networks and the runtime
        var all = new JobEvent.Progress("evaluation", 3 * SmallWorld.IMAGES, 3 * SmallWorld.IMAGES);
        said(JobEvent.class).await(event -> event.jobId().equals(spec.jobId()) && all.equals(event.progress()));
    }

    @Test
    void shouldFindThatANetworkAgreesWithItself() {
        // Given an artefact of eight bits and one of two
        var fine = completed("fine", artifact(SmallWorld.job("fine"), 8));
        var coarse = completed("coarse", artifact(SmallWorld.job("coarse"), 2));

        // Then
        assertThat(fine.accuracy().fp32()).isEqualTo(coarse.accuracy().fp32());
        assertThat(fine.accuracy().agreement()).isGreaterThan(coarse.accuracy().agreement());
    }

    @Test
    void shouldOnlyAnnounceAReportThatIsThere() {
        // Given
        var spec = quantized("announced");
        var manifest = putManifest(spec, artifact(spec));
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));
        var first = said(ReportReady.class).await(said -> said.jobId().equals(spec.jobId()));

        // When the task comes again
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));

        // Then the same is said again
        assertThat(said(ReportReady.class).await(2, said -> said.jobId().equals(spec.jobId())))
                .containsExactly(first, first);
    }

    @Test
    void shouldCompleteAJobWhoseEvaluatorDiedAfterTheReport() {
        // Given a report, and a state that does not know of it
        var other = completed("undisturbed", artifact(SmallWorld.job("undisturbed")));
        var spec = quantized("died");
        var manifest = putManifest(spec, artifact(spec));
        var report = SmallWorld.put(store, StoreLayout.report(spec.jobId()), Json.bytes(other));

        // When
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));

        // Then
        Await.state(jobs, spec.jobId(), Completed.class);
        assertThat(said(ReportReady.class)
                        .await(said -> said.jobId().equals(spec.jobId()))
                        .report())
                .isEqualTo(report);
    }

    @Test
    void shouldPassOverAJobThatHasEnded() {
        // Given
        var spec = quantized("cancelled");
        var manifest = putManifest(spec, artifact(spec));
        jobs.cancel(spec.jobId(), "enough");

        // When its task comes, and another job after it
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));
        completed("after-cancelled", artifact(SmallWorld.job("after-cancelled")));

        // Then
        assertThat(store.find(StoreLayout.report(spec.jobId()))).isEmpty();
        assertThat(said(ReportReady.class).all(said -> said.jobId().equals(spec.jobId())))
                .isEmpty();
    }

    @Test
    void shouldFailAJobWhoseArtefactIsNone() {
        // Given
        var spec = quantized("rotten");
        var manifest =
                putManifest(spec, "no tensors".getBytes(UTF_8), artifact(spec).toOnnx(SHAPE));

        // When
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));

        // Then
        assertThat(Await.state(jobs, spec.jobId(), Failed.class).code()).isEqualTo(ErrorCode.CORRUPT_OBJECT);
        letter("rotten");
    }

    @Test
    void shouldFailAJobWhoseModelOnnxRuntimeRefuses() {
        // Given
        var spec = quantized("unloadable");
        var manifest = putManifest(spec, artifact(spec).toSafetensors(), "no model".getBytes(UTF_8));

        // When
        publisher.publish(new EvaluationTask(spec.jobId(), manifest));

        // Then
        var failure = Await.state(jobs, spec.jobId(), Failed.class);
        assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT_OBJECT);
        assertThat(failure.field()).isEqualTo("artifact.onnx");
        letter("unloadable");
    }

    @Test
    void shouldMeasureOnFilesOfDifferingSizes() {
        // Given a set of such files in two shards, and a network whose card says what to make of them
        var random = new Random(1);
        var shards = List.of(files(random, 5), files(random, 4));
        var images = putDataset("varied", shards);
        var geometry = new Geometry(34, Geometry.Crop.of(32), Interpolation.BICUBIC);
        var spec = job("varied", "varied");
        SmallWorld.keepCard(store, spec.jobId(), withGeometry(new Catalog(store).model(spec.model()), geometry));
        jobs.submit(spec);
        var manifest = Json.parse(store.getBytes(putManifest(spec, artifact(spec))), Manifest.class);

        // When
        var found = new Measurement(store, new Catalog(store))
                .measure(spec, manifest, images.shards(), ProgressListener.NONE);

        // Then it saw the images that are made of the files one by one
        var fit = new dev.dsg.engine.data.Geometry(34, 32, 32, dev.dsg.engine.data.Interpolation.BICUBIC);
        var decoded = shards.stream()
                .flatMap(shard -> IntStream.range(0, shard.count()).mapToObj(shard::image))
                .map(fit::apply)
                .map(EvaluatorServiceTest::coloured)
                .toList();
        var labels = shards.stream().flatMapToInt(shard -> Arrays.stream(shard.labels()));
        assertThat(found.fp32().images()).isEqualTo(images.count()).isEqualTo(9);
        assertThat(new JobReport.TopK(found.fp32().top1(), found.fp32().top5()))
                .isEqualTo(topK(ImageSet.of(decoded, labels.toArray())));
    }

    @Test
    void shouldKeepSmallSetsAndFetchLargeOnesShardByShard() {
        var card = new Catalog(store).dataset(SmallWorld.DATASET);

        var kept = TestImages.of(card.shards(), store, Long.MAX_VALUE);
        var fetched = TestImages.of(card.shards(), store, 0);

        assertThat(kept.count()).isEqualTo(SmallWorld.IMAGES).isEqualTo(fetched.count());
        for (int i = 0; i < card.shards().size(); i++) {
            var shard = kept.shards().get(i);
            assertThat(shard.get()).isSameAs(shard.get());
            assertThat(fetched.shards().get(i).get().image(3).pixels())
                    .isEqualTo(shard.get().image(3).pixels());
            assertThat(fetched.shards().get(i).get())
                    .isNotSameAs(fetched.shards().get(i).get());
        }
    }

    @Test
    void shouldServeProbesAndMetrics() {
        shouldServePages(Topics.EVALUATION_GROUP);
    }

    /** A job that the quantizer is done with, but has not yet said so. */
    private JobSpec quantized(String id) {
        var spec = accepted(id);
        jobs.update(spec.jobId(), state -> ((Submitted) state).synthesizing(2).progressedTo(2));
        var status = jobs.update(spec.jobId(), state -> ((Synthesizing) state).quantizing());
        assertThat(status.state()).isInstanceOf(Quantizing.class);
        return spec;
    }

    private JobReport completed(String id, QuantizedNetwork artifact) {
        var spec = quantized(id);
        publisher.publish(new EvaluationTask(spec.jobId(), putManifest(spec, artifact)));
        var report = said(ReportReady.class)
                .await(said -> said.jobId().equals(spec.jobId()))
                .report();
        return Json.parse(store.getBytes(report), JobReport.class);
    }

    private ObjectRef putManifest(JobSpec spec, QuantizedNetwork artifact) {
        return putManifest(spec, artifact.toSafetensors(), artifact.toOnnx(SHAPE));
    }

    private ObjectRef putManifest(JobSpec spec, byte[] artifact, byte[] onnx) {
        var batch = SmallWorld.putBatch(store, spec, 0);
        var manifest = new Manifest(
                spec.jobId(),
                spec.model(),
                ObjectRef.of(StoreLayout.modelFile(spec.model(), "model.safetensors"), SmallWorld.weights()),
                store.find(StoreLayout.spec(spec.jobId())).orElseThrow(),
                spec.synthesis(),
                spec.quantization(),
                null,
                spec.seed(),
                List.of(batch),
                null,
                SmallWorld.put(store, StoreLayout.artifact(spec.jobId()), artifact),
                SmallWorld.put(store, StoreLayout.onnx(spec.jobId()), onnx),
                SmallWorld.put(store, StoreLayout.artifactCard(spec.jobId()), "# A card".getBytes(UTF_8)),
                SmallWorld.put(store, StoreLayout.layers(spec.jobId()), "{}".getBytes(UTF_8)),
                Map.of(),
                "test",
                Map.of());
        return SmallWorld.put(store, StoreLayout.manifest(spec.jobId()), Json.bytes(manifest));
    }

    private static QuantizedNetwork artifact(JobSpec spec) {
        return artifact(spec, 4);
    }

    private static QuantizedNetwork artifact(JobSpec spec, int bits) {
        return new PostTrainingQuantizer(QuantizationSettings.of(bits, bits))
                .quantize(network(), List.of(SmallWorld.batch(spec, 0).images()), ProgressListener.NONE);
    }

    private static Graph network() {
        return SmallWorld.network();
    }

    private static JobSpec job(String id, String dataset) {
        var request = SmallWorld.request(id);
        return new JobRequest(
                        request.jobId(),
                        request.model(),
                        request.synthesis(),
                        null,
                        null,
                        new JobRequest.Evaluation(dataset, 4, 0.0, null, null, null),
                        null)
                .resolve();
    }

    private static ModelCard withGeometry(ModelCard card, Geometry geometry) {
        return new ModelCard(
                card.name(),
                card.format(),
                card.architecture(),
                card.inputShape(),
                geometry,
                card.mean(),
                card.std(),
                card.classes(),
                card.licence(),
                card.weights(),
                null);
    }

    private DatasetCard putDataset(String name, List<EncodedImages> parts) {
        var shards = parts.stream()
                .map(part -> new DatasetCard.Shard(
                        SmallWorld.put(store, StoreLayout.shard(name, Sha256.digest(part.toShard())), part.toShard()),
                        part.count()))
                .toList();
        var count = parts.stream().mapToInt(EncodedImages::count).sum();
        var form = new ImageForm(3, null, null);
        var card = new DatasetCard(name, SmallWorld.classes("class"), form, count, "a test", shards);
        SmallWorld.put(store, StoreLayout.datasetCard(name), Json.bytes(card));
        return card;
    }

    /** Noise, some of it grey. */
    private static EncodedImages files(Random random, int count) {
        var files = new ArrayList<byte[]>();
        for (var i = 0; i < count; i++) {
            var kind = i % 2 == 0 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY;
            var picture = new BufferedImage(random.nextInt(20, 60), random.nextInt(20, 60), kind);
            random.nextBytes(((DataBufferByte) picture.getRaster().getDataBuffer()).getData());
            files.add(png(picture));
        }
        return new EncodedImages(files, random.ints(count, 0, 10).toArray());
    }

    private static Image coloured(Image image) {
        var pixels = new byte[image.height() * image.width() * 3];
        for (var i = 0; i < pixels.length; i++) {
            pixels[i] = image.pixels()[image.channels() == 3 ? i : i / 3];
        }
        return new Image(image.height(), image.width(), 3, pixels);
    }

    private static byte[] png(BufferedImage picture) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Test
    void shouldCompareWithWhatEarlierJobsMadeOfTheNetwork() {
        // Given
        var first = completed("first-result", artifact(SmallWorld.job("first-result"), 4));

        // When
        var second = completed("second-result", artifact(SmallWorld.job("second-result"), 8));

        // Then
        assertThat(second.earlier()).contains(EarlierResult.of(first));
        assertThat(ReportText.of(second)).contains("| first-result | ").contains("| second-result | ");
    }

    private static JobReport.TopK topK(Accuracy.Score score) {
        return new JobReport.TopK(score.top1(), score.top5());
    }

    /** What the network itself achieves, measured here on all images at once. */
    private JobReport.TopK expected() {
        var shards = new Catalog(store)
                .dataset(SmallWorld.DATASET).shards().stream()
                        .map(shard -> (ImageSet) Images.fromShard(store.getBytes(shard.object())))
                        .toList();
        return topK(ImageSet.concat(shards));
    }

    private static JobReport.TopK topK(ImageSet images) {
        var half = new float[] {0.5f, 0.5f, 0.5f};
        try (var interpreter = new Interpreter(network())) {
            var accuracy = Evaluator.evaluate(
                    interpreter,
                    Tap.NONE,
                    images,
                    new Preprocessing(half, half),
                    images.count(),
                    ProgressListener.NONE);
            return new JobReport.TopK(accuracy.top1(), accuracy.top5());
        }
    }
}
