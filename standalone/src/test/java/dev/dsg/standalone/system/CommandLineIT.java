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
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.CifarResNet;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.Cli;
import dev.dsg.standalone.process.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

    CommandLineIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldRunOneJobForEachMethodAndLeaveTheSystemAlone() throws Exception {
        // When
        var json = folder.resolve("out.json");
        var results = folder.resolve("results");
        var exit = finish(RUN + " --iterations 5 --compare noise,dsg --json " + json + " --output " + results);

        // Then
        assertThat(exit).isZero();
        var reports = Json.parse(Files.readAllBytes(json), RunReport.class).jobs();
        assertThat(reports)
                .extracting(report -> report.synthesis().method().wireName())
                .containsExactly("noise", "dsg");
        assertThat(reports.getLast().digests().batches()).hasSize(2);
        assertThat(output()).contains("fp32", "noise", "dsg", "top-1 %");
        assertThat(world.system().find()).as("the system still runs").isPresent();

        // And what the jobs made is handed over
        for (var report : reports) {
            var made = results.resolve(report.synthesis().method().wireName());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("quantized.onnx"))))
                    .isEqualTo(report.digests().onnx());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("quantized.safetensors"))))
                    .isEqualTo(report.digests().artifact());
            var manifest = Json.parse(Files.readAllBytes(made.resolve("manifest.json")), Manifest.class);
            assertThat(JobReport.Digests.of(manifest)).isEqualTo(report.digests());
            assertThat(Sha256.digest(Files.readAllBytes(made.resolve("analysis").resolve("layers.json"))))
                    .isEqualTo(manifest.analysis().sha256());
            assertThat(Json.parse(Files.readAllBytes(made.resolve("report.json")), JobReport.class))
                    .isEqualTo(report);
            assertThat(made.resolve("analysis")).isDirectoryContaining("glob:**/samples.png");
        }

        // When / Then later commands know the jobs
        var copy = folder.resolve("copy");
        assertThat(finish("report " + reports.getFirst().jobId() + " --output " + copy))
                .isZero();
        assertThat(output()).contains("of the layers that hurt most");
        assertThat(copy.resolve("quantized.onnx"))
                .hasSameBinaryContentAs(results.resolve("noise").resolve("quantized.onnx"));
        assertThat(finish("jobs")).isZero();
        assertThat(output()).contains(reports.getFirst().jobId().value(), "completed");
        assertThat(finish("report no-such-job")).isEqualTo(2);
    }

    @Test
    void shouldQuantizeANetworkThatCameAsAnOnnxFile() throws Exception {
        // Given
        var network =
                new CifarResNet(20, CifarResNet.Shortcut.B, 10).build(CifarResNet.randomInitialisation(new Random(2)));
        var onnx = Files.write(folder.resolve("brought.onnx"), OnnxExport.float32(network, Shape.of(3, 32, 32)));
        assertThat(finish("model add brought --labels noise --onnx " + onnx)).isZero();

        // When
        var json = folder.resolve("out.json");
        var exit = finish("run --model brought --dataset noise --test-batch-size 50 --images 8 --batch-size 8"
                + " --iterations 2 --json " + json);

        // Then
        assertThat(exit).isZero();
        assertThat(Json.parse(Files.readAllBytes(json), RunReport.class).jobs())
                .singleElement()
                .satisfies(report -> assertThat(report.model()).isEqualTo("brought"));
    }

    @Test
    void shouldSayWhyAJobFailed() throws Exception {
        assertThat(finish("run --model no-such-network --dataset noise")).isEqualTo(1);
        assertThat(output()).contains("UNKNOWN_MODEL", "model is \"no-such-network\"", "untrained");
    }

    @Test
    void shouldCallAJobOff() throws Exception {
        // Given a job that would take long
        var job = world.job("endless", TestSystem.MODEL, TestSystem.DATASET, 100_000);
        world.jobs().submit(job);
        awaitSynthesis(job.jobId());

        // When / Then
        assertThat(finish("cancel endless --reason enough")).isZero();
        assertThat(world.ended(job.jobId()).state()).isEqualTo(new Cancelled("enough"));
        assertThat(finish("cancel endless")).as("once more").isZero();
    }

    @Test
    void shouldCallItsJobOffWhenItIsInterrupted() throws Exception {
        // Given
        var before = world.jobs().list();
        var run = command(RUN + " --iterations 100000");
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

    private int finish(String line) throws Exception {
        var process = command(line);
        assertThat(process.waitFor(TestSystem.PATIENCE)).isTrue();
        return process.exitValue();
    }

    private Process command(String line) throws IOException {
        var arguments = new ArrayList<Object>(Arrays.asList(line.split(" ")));
        arguments.addAll(List.of("--home", world.home().folder()));
        var builder = new ProcessBuilder(
                new Jvm("-Ddsg.root=" + TestSystem.ROOT).main(Cli.class.getName(), arguments.toArray()));
        builder.environment().put("CLASSPATH", Jvm.classPath());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }
}
