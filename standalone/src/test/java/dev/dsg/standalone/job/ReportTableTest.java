package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.JobReport.Accuracy;
import dev.dsg.contracts.result.JobReport.Digests;
import dev.dsg.contracts.result.JobReport.Seconds;
import dev.dsg.contracts.result.JobReport.TopK;
import dev.dsg.contracts.store.Sha256;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTableTest {

    @Test
    void shouldShowJobsBesideTheNetworkAsItCame() {
        // Given
        var reports = List.of(
                report("job-1", "noise", null, new TopK(0.71, 0.9), new Seconds(0.25, 1.04, 9.96, 11.3)),
                report("job-2", "dsg", 500, new TopK(0.8812, 0.995), new Seconds(22.5, 1, 10, 33.5)));

        // When
        var lines = new ReportTable(reports, Path.of("/home/store/dsg")).lines();

        // Then
        assertThat(lines)
                .containsExactly(
                        "resnet20-cifar10: ptq W3A4, range mse, seed 0; measured on 10,000 images of cifar10",
                        "",
                        "       images  iterations  top-1 %  top-5 %   drop  agree %  synth s  quant s  eval s  total s",
                        "fp32                         91.73    99.70",
                        "noise      64           0    71.00    90.00  20.73    90.00      0.3      1.0    10.0     11.3",
                        "dsg        64         500    88.12    99.50   3.61    90.00     22.5      1.0    10.0     33.5",
                        "",
                        "job job-1: model 9834876dcfb0, 1 batches from ca978112ca1b, artefact 2e7d2c03a950",
                        "  /home/store/dsg/jobs/job-1/artifact/quantized.safetensors",
                        "",
                        "job job-2: model 9834876dcfb0, 1 batches from ca978112ca1b, artefact 2e7d2c03a950",
                        "  /home/store/dsg/jobs/job-2/artifact/quantized.safetensors");
    }

    private static JobReport report(String id, String method, Integer iterations, TopK quantized, Seconds seconds) {
        var request = new JobRequest(
                JobId.parse(id),
                "resnet20-cifar10",
                new JobRequest.Synthesis(method, 64, null, iterations, null, null, null, null, null, null, null, null),
                new JobRequest.Quantization(null, 3, 4, "mse"),
                null,
                null);
        return JobReport.of(
                request.resolve(),
                new Accuracy(10_000, new TopK(0.9173, 0.997), quantized, 0.9),
                seconds,
                new Digests(digest("aaa"), List.of(digest("a")), digest("c")));
    }

    private static Sha256 digest(String text) {
        return Sha256.digest(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
