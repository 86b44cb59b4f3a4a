package dev.dsg.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.job.JobFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class JobOptionsTest {

    @TempDir
    private Path folder;

    private static final JobId JOB = JobId.parse("j1");

    @Test
    void shouldAskForWhatTheOptionsSay() {
        // When
        var request = parse(
                "--model=m1 --dataset d1 --batch-size 32 --test-batch-size 250 --w-bit 3 --a-bit 8 --synthesis zeroq"
                        + " --images 96 --iterations 17 --range percentile --rounding squant --target onnxruntime"
                        + " --seed 9 --set synthesis.learningRate=0.25 --set synthesis.init=uniform");

        // Then
        assertThat(Json.pretty(request)).isEqualToIgnoringWhitespace("""
            {"model": "m1",
             "synthesis": {"method": "zeroq", "images": 96, "batchSize": 32, "iterations": 17,
                           "learningRate": 0.25, "init": "uniform"},
             "quantization": {"weightBits": 3, "activationBits": 8, "range": "percentile",
                              "rounding": "squant", "target": "onnxruntime"},
             "evaluation": {"dataset": "d1", "batchSize": 250},
             "seed": 9}
            """);
    }

    @Test
    void shouldRefuseFieldsThatNoJobHas() {
        assertThatThrownBy(() -> parse("--set synthesis.iteration=4"))
                .isInstanceOf(DsgException.class)
                .hasMessageStartingWith("synthesis.iteration is not a field, expected one of iterations (the nearest)");
        assertThatThrownBy(() -> parse("--set synthesis.images=many"))
                .hasMessageStartingWith("synthesis.images is \"many\", expected");
        assertThatThrownBy(() -> parse("--set seed")).hasMessage("\"seed\" is not of the form FIELD=VALUE");
        assertThatThrownBy(() -> parse("--set seed={")).hasMessageStartingWith("\"seed={\" cannot be read: ");
    }

    @Test
    void shouldLeaveTheRestToThePresets() {
        assertThat(resolve(parse(""))).isEqualTo(resolve(JobRequest.of("resnet20-cifar10")));
    }

    @Test
    void shouldRefuseWhatNoJobMayBe() {
        assertThatThrownBy(() -> resolve(parse("--w-bit 9")))
                .isInstanceOf(DsgException.class)
                .hasMessage("quantization.weightBits is 9, expected an integer in 2..8");
        assertThatThrownBy(() -> resolve(parse("--rounding up")))
                .hasMessage("quantization.rounding is \"up\", expected one of nearest, squant, adaround, brecq, qdrop");
        assertThatThrownBy(() -> resolve(parse("--synthesis noise --iterations 3")))
                .hasMessageStartingWith("synthesis.iterations is 3, expected 0");
    }

    @Test
    void shouldGiveEveryMethodWhatAppliesToIt() {
        // Given a comparison with options that noise does not have
        var options = options("--iterations 50 --images 32");

        // When / Then
        assertThat(resolve(options.request("noise")).synthesis().iterations()).isZero();
        assertThat(resolve(options.request("dsg")).synthesis().iterations()).isEqualTo(50);
        assertThat(resolve(options.request("noise")).synthesis().images()).isEqualTo(32);
    }

    @Test
    void shouldTrainWhereItIsAskedTo() {
        var training = resolve(parse("--scheme qat --w-bit 4 --a-bit 4 --source generator"))
                .training();
        assertThat(training.source()).isEqualTo(TrainingSource.GENERATOR);
        assertThatThrownBy(() -> resolve(parse("--source generator")))
                .hasMessage("quantization.scheme is \"ptq\", expected qat, for there is a part training");
    }

    @Test
    void shouldLetOptionsWinOverSettingsAndThoseOverDefaults() {
        // When
        var options = options("--conf imagenet --w-bit 3 --set training.epochs=60 --set training.milestones=20,40");
        var spec = resolve(options.request());

        // Then
        assertThat(spec.model()).isEqualTo("resnet20-cifar10");
        assertThat(spec.quantization().widths()).isEqualTo("W3A4");
        assertThat(spec.training().epochs()).isEqualTo(60);
        assertThat(spec.training().milestones()).containsExactly(20, 40);
        assertThat(spec.training().batchSize()).isEqualTo(16);
        assertThat(spec.training().checkpointSteps()).isEqualTo(100);
        assertThat(options.notes()).isEmpty();
    }

    @Test
    void shouldLetAFileWinOverSettingsAndOptionsOverIt() throws Exception {
        // Given
        var file = Files.writeString(
                folder.resolve("job.conf"), "model = m2, jobId = j7, training { epochs = 60, batchSize = 8 }");

        // When
        var options = options("--conf cifar --source inversion --set training.batchSize=4");
        var spec = options.request(new JobFile(file)).resolve();

        // Then
        assertThat(spec.jobId()).isEqualTo(JobId.parse("j7"));
        assertThat(spec.model()).isEqualTo("m2");
        assertThat(spec.training().epochs()).isEqualTo(60);
        assertThat(spec.training().batchSize()).isEqualTo(4);
        assertThat(spec.training().warmupEpochs()).isZero();
        assertThat(spec.training().iterationsPerEpoch()).isEqualTo(200);
        assertThat(options.notes()).hasSize(1);
    }

    private static JobRequest parse(String line) {
        return options(line).request();
    }

    private static JobOptions options(String line) {
        var options = new JobOptions();
        new CommandLine(options)
                .setResourceBundle(new PresetBundle())
                .parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return options;
    }

    private static JobSpec resolve(JobRequest request) {
        return request.withJobId(JOB).resolve();
    }
}
