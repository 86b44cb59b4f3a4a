package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobState.Cancelled;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.result.RunReport;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.engine.format.onnx.OnnxExport;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process, on a system that runs already. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class CommandLineIT {

    private static final String RUN =
            "run --model untrained --dataset noise --seed 3 --test-batch-size 50 --images 64 --batch-size 32";

    private final TestSystem world;

    @TempDir
    private Path folder;

    private CommandLine commandLine;

    CommandLineIT(TestSystem world) {
        this.world = world;
    }

    @BeforeEach
    void haveACommandLine() {
        commandLine = new CommandLine(world, folder, Map.of());
    }

    @Test
    void shouldRunOneJobForEachMethodAndLeaveTheSystemAlone() throws Exception {
        // When
        var json = folder.resolve("out.json");
        var results = folder.resolve("results");
        var exit =
                commandLine.finish(RUN + " --iterations 5 --compare noise,dsg --json " + json + " --output " + results);

        // Then
        assertThat(exit).isZero();
        var reports = Json.parse(Files.readAllBytes(json), RunReport.class).jobs();
        assertThat(reports)
                .extracting(report -> report.synthesis().method().wireName())
                .containsExactly("noise", "dsg");
        assertThat(reports.getLast().digests().batches()).hasSize(2);
        assertThat(commandLine.output()).contains("fp32", "noise", "dsg", "top-1 %");
        assertThat(world.system().find()).as("the system still runs").isPresent();

        // And what the jobs made is handed over
        for (var report : reports) {
            var made = results.resolve(report.synthesis().method().wireName());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("quantized.onnx"))))
                    .isEqualTo(report.digests().onnx());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("quantized.safetensors"))))
                    .isEqualTo(report.digests().artifact());
            var manifest = Json.parse(Files.readAllBytes(made.resolve("manifest.json")), Manifest.class);
            assertThat(JobReport.Digests.of(manifest, report.digests().dataset()))
                    .isEqualTo(report.digests());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("analysis").resolve("layers.json"))))
                    .isEqualTo(manifest.analysis().sha256());
            assertThat(Json.parse(Files.readAllBytes(made.resolve("report.json")), JobReport.class))
                    .isEqualTo(report);
            assertThat(made.resolve("analysis")).isDirectoryContaining("glob:**/samples.png");
        }

        // When / Then later commands know the jobs
        var copy = folder.resolve("copy");
        assertThat(commandLine.finish("report " + reports.getFirst().jobId() + " --output " + copy))
                .isZero();
        assertThat(commandLine.output()).contains("of the layers that hurt most");
        assertThat(copy.resolve("quantized.onnx"))
                .hasSameBinaryContentAs(results.resolve("noise").resolve("quantized.onnx"));
        assertThat(commandLine.finish("jobs")).isZero();
        assertThat(commandLine.output()).contains(reports.getFirst().jobId().value(), "completed");
        assertThat(commandLine.finish("report no-such-job")).isEqualTo(2);
    }

    @Test
    void shouldQuantizeANetworkThatCameAsAnOnnxFile() throws Exception {
        // Given
        var network =
                new CifarResNet(20, CifarResNet.Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(2)));
        var onnx = Files.write(folder.resolve("brought.onnx"), OnnxExport.float32(network, Shape.of(3, 32, 32)));
        assertThat(commandLine.finish("model add brought --labels noise --onnx " + onnx))
                .isZero();

        // When
        var json = folder.resolve("out.json");
        var exit =
                commandLine.finish("run --model brought --dataset noise --test-batch-size 50 --images 8 --batch-size 8"
                        + " --iterations 2 --json " + json);

        // Then
        assertThat(exit).isZero();
        assertThat(Json.parse(Files.readAllBytes(json), RunReport.class).jobs())
                .singleElement()
                .satisfies(report -> assertThat(report.model()).isEqualTo("brought"));
    }

    @Test
    void shouldQuantizeANetworkThatSeesGreyImages() throws Exception {
        // Given a network of one channel, and digits of noise as MNIST lies
        idx("t10k-images-idx3-ubyte", 256, 60, 28, 28);
        idx("t10k-labels-idx1-ubyte", 10, 60);
        var onnx = Files.write(folder.resolve("grey.onnx"), OnnxExport.float32(grey(), Shape.of(1, 28, 28)));
        assertThat(commandLine.finish("dataset add digits " + folder)).isZero();
        assertThat(commandLine.finish("model add grey --mean 0.1307 --std 0.3081 --labels digits --onnx " + onnx))
                .isZero();

        // When
        var json = folder.resolve("out.json");
        var results = folder.resolve("results");
        var exit = commandLine.finish(
                "run --model grey --dataset digits --target onnxruntime --w-bit 8 --a-bit 8 --images 8"
                        + " --batch-size 8 --iterations 2 --json " + json + " --output " + results);

        // Then images of one channel come out, and ONNX Runtime takes such images
        assertThat(exit).as(commandLine.output()).isZero();
        var report =
                Json.parse(Files.readAllBytes(json), RunReport.class).jobs().getFirst();
        assertThat(report.accuracy().images()).isEqualTo(60);
        assertThat(report.onnx().agreement()).isGreaterThan(0.9);
        assertThat(world.images(report.jobId()).shape()).containsExactly(8, 1, 28, 28);
        assertThat(results.resolve("analysis")).isDirectoryContaining("glob:**/samples.png");
    }

    /** Random bytes below a limit as an IDX file. */
    private void idx(String name, int limit, int... size) throws IOException {
        var count = IntStream.of(size).reduce(1, Math::multiplyExact);
        var file = ByteBuffer.allocate(4 + 4 * size.length + count).putInt(0x0800 | size.length);
        IntStream.of(size).forEach(file::putInt);
        new Random(count).ints(count, 0, limit).forEach(value -> file.put((byte) value));
        Files.write(folder.resolve(name), file.array());
    }

    private static Graph grey() {
        var network =
                new CifarResNet(8, CifarResNet.Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(4)));
        var colours = network.initializers().get("conv1.weight");
        var first = Arrays.copyOf(colours.values(), 16 * 3 * 3);
        return network.with(Map.of("conv1.weight", new HostTensor(new long[] {16, 1, 3, 3}, first)));
    }

    @Test
    void shouldSayWhyAJobFailed() throws Exception {
        assertThat(commandLine.finish("run --model no-such-network --dataset noise"))
                .isEqualTo(1);
        assertThat(commandLine.output()).contains("UNKNOWN_MODEL", "model is \"no-such-network\"", "untrained");
    }

    @Test
    void shouldCallAJobOff() throws Exception {
        // Given a job that would take long
        var job = world.job("endless", TestSystem.MODEL, TestSystem.DATASET, 100_000);
        world.jobs().submit(job);
        awaitSynthesis(job.jobId());

        // When / Then
        assertThat(commandLine.finish("cancel endless --reason enough")).isZero();
        assertThat(world.ended(job.jobId()).state()).isEqualTo(new Cancelled("enough"));
        assertThat(commandLine.finish("cancel endless")).as("once more").isZero();
    }

    @Test
    void shouldCallItsJobOffWhenItIsInterrupted() throws Exception {
        // Given
        var before = world.jobs().list();
        var run = commandLine.start(RUN + " --iterations 100000");
        await().atMost(TestSystem.PATIENCE).until(() -> world.jobs().list().size() > before.size());
        var job = world.jobs().list().stream()
                .filter(id -> !before.contains(id))
                .findFirst()
                .orElseThrow();
        awaitSynthesis(job);

        // When
        run.destroy();

        // Then
        assertThat(run.waitFor(TestSystem.PATIENCE)).isTrue();
        assertThat(world.ended(job).state()).isInstanceOf(Cancelled.class);
        assertThat(world.system().find()).as("the system still runs").isPresent();
    }

    private void awaitSynthesis(JobId job) {
        await().atMost(TestSystem.PATIENCE).until(() -> world.jobs()
                .status(job)
                .filter(status -> status.state().stage() == Stage.SYNTHESIZING)
                .isPresent());
    }
}
