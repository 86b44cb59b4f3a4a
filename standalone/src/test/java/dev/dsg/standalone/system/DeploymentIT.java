package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.standalone.catalog.DatasetShelf;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.catalog.ModelFolder;
import dev.dsg.standalone.catalog.ModelShelf;
import dev.dsg.standalone.dataset.Photographs;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The network that ships with the project, quantized for integers: what was predicted is what ONNX Runtime computes. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class DeploymentIT {

    private static final String MODEL = "resnet20-cifar10";
    private static final String DATASET = "photographs";
    private static final int IMAGES = 1_000;

    private final TestSystem world;

    DeploymentIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldComputeInOnnxRuntimeWhatWasPredicted() {
        // Given
        stock();

        // When
        var eight = run("eight-bits", 8);
        var again = run("eight-bits-again", 8);
        var four = run("four-bits", 4);

        // Then
        assertThat(eight.onnx().agreement()).isGreaterThanOrEqualTo(0.995);
        assertThat(four.onnx().agreement()).isGreaterThanOrEqualTo(0.995);
        assertThat(eight.onnx().bytes()).isLessThan(eight.onnx().fp32Bytes() * 30 / 100);
        assertThat(four.onnx().bytes()).isLessThan(four.onnx().fp32Bytes() * 17 / 100);
        assertThat(again.digests()).isEqualTo(eight.digests());
        assertThat(world.connection().store().find(StoreLayout.onnx(eight.jobId())))
                .hasValueSatisfying(ref ->
                        assertThat(ref.sha256()).isEqualTo(eight.digests().onnx()));
    }

    private JobReport run(String id, int weightBits) {
        var job = world.job(Map.of(
                "jobId",
                id,
                "model",
                MODEL,
                "synthesis.images",
                32,
                "synthesis.iterations",
                5,
                "quantization.weightBits",
                weightBits,
                "quantization.activationBits",
                8,
                "quantization.rounding",
                "squant",
                "quantization.target",
                "onnxruntime",
                "evaluation.dataset",
                DATASET));
        world.jobs().submit(job);
        world.completed(job.jobId());
        return world.jobs().report(JobId.parse(id)).orElseThrow();
    }

    private void stock() {
        var model = new ModelFolder(TestSystem.ROOT.resolve("models").resolve(MODEL)).read();
        new ModelShelf(world.connection().store()).put(model);
        var classes = model.card().classes();
        new DatasetShelf(world.connection().store())
                .put(
                        DATASET,
                        LabelledImages.of(classes, "CIFAR-10", Photographs.all().slice(0, IMAGES)),
                        false,
                        ProgressListener.NONE);
    }
}
