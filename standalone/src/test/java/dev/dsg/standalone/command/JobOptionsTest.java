package dev.dsg.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class JobOptionsTest {

    private static final JobId JOB = JobId.parse("j1");

    @Test
    void shouldAskForWhatTheOptionsSay() {
        // When
        var request = parse(
                "--model=m1 --dataset d1 --batch-size 32 --test-batch-size 250 --w-bit 3 --a-bit 8 --synthesis zeroq"
                        + " --images 96 --iterations 17 --range percentile --seed 9");

        // Then
        assertThat(request)
                .isEqualTo(new JobRequest(
                        null,
                        "m1",
                        new JobRequest.Synthesis("zeroq", 96, 32, 17, null, null, null, null, null, null, null, null),
                        new JobRequest.Quantization(null, 3, 8, "percentile"),
                        new JobRequest.Evaluation("d1", 250),
                        9L));
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
