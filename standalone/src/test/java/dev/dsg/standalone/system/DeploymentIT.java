package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.standalone.catalog.DatasetShelf;
import dev.dsg.standalone.catalog.LabelledImages;
import dev.dsg.standalone.catalog.ModelFolder;
import dev.dsg.standalone.catalog.ModelShelf;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The network that ships with the project, quantized for integers: what was predicted is what ONNX Runtime computes. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class DeploymentIT {

    private static final String MODEL = "resnet20-cifar10";
    private static final String DATASET = "waves";
    private static final int SIDE = 32;
    private static final int IMAGES = 400;

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
                        LabelledImages.of(classes, "a random generator", waves(classes.size())),
                        false,
                        ProgressListener.NONE);
    }

    /** Waves of random direction, length and colour, which the network sorts into many classes. */
    private static ImageSet waves(int classes) {
        var random = new Random(1);
        var pixels = new byte[IMAGES * SIDE * SIDE * 3];
        for (int image = 0; image < IMAGES; image++) {
            for (int channel = 0; channel < 3; channel++) {
                double across = random.nextGaussian() / 6;
                double down = random.nextGaussian() / 6;
                double phase = 6 * random.nextDouble();
                double brightness = 128 + 30 * random.nextGaussian();
                double contrast = 30 + 60 * random.nextDouble();
                for (int place = 0; place < SIDE * SIDE; place++) {
                    double wave = Math.sin(across * (place % SIDE) + down * (place / SIDE) + phase);
                    double value = brightness + contrast * wave + 10 * random.nextGaussian();
                    pixels[(image * SIDE * SIDE + place) * 3 + channel] = (byte) Math.clamp(value, 0, 255);
                }
            }
        }
        return new ImageSet(
                SIDE, SIDE, 3, pixels, random.ints(IMAGES, 0, classes).toArray());
    }
}
