package dev.dsg.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.JobReport.Digests;
import dev.dsg.contracts.result.JobReport.Onnx;
import dev.dsg.contracts.result.JobReport.Seconds;
import dev.dsg.contracts.result.JobReport.TopK;
import dev.dsg.contracts.store.Sha256;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTableTest {

    @Test
    void shouldShowJobsBesideTheNetworkAsItCame() {
        // Given
        var reports = List.of(
                report("job-1", "noise", null, accuracy(0.71, 0.9, 0.9), new Seconds(0.25, 1.04, 9.96, 11.3)),
                report("job-2", "dsg", 500, accuracy(0.8812, 0.995, 0.9), new Seconds(22.5, 1, 10, 33.5)));

        // When
        var lines = new ReportTable(reports, Path.of("/home/store/dsg")).lines();

        // Then
        var onnx = "  ONNX: 305,144 bytes, 28.27 % of fp32; ONNX Runtime has top-1 88.09 %,"
                + " agrees with the prediction on 99.85 %";
        var certainty = "  drop 1.00 to 5.00 points with 95 % confidence; calibration error 4.00 %, fp32 4.00 %";
        assertThat(lines)
                .containsExactly(
                        "resnet20-cifar10: ptq W3A4 for reference, range mse, rounding nearest, seed 0;"
                                + " measured on 10,000 images of cifar10",
                        "",
                        "       images  iterations  top-1 %  top-5 %   drop  agree %  synth s  quant s  eval s  total"
                                + " s",
                        "fp32                         91.73    99.70",
                        "noise      64           0    71.00    90.00  20.73    90.00      0.3      1.0    10.0    "
                                + " 11.3",
                        "dsg        64         500    88.12    99.50   3.61    90.00     22.5      1.0    10.0    "
                                + " 33.5",
                        "",
                        "job job-1: model 9834876dcfb0, 1 batches from ca978112ca1b, artefact 2e7d2c03a950",
                        certainty,
                        onnx,
                        "  /home/store/dsg/jobs/job-1/artifact/quantized.onnx",
                        "",
                        "job job-2: model 9834876dcfb0, 1 batches from ca978112ca1b, artefact 2e7d2c03a950",
                        certainty,
                        onnx,
                        "  /home/store/dsg/jobs/job-2/artifact/quantized.onnx");
    }

    @Test
    void shouldSayWhatANetworkWasTrainedOn() {
        // Given
        var said = Map.of(
                "jobId", "job-3",
                "model", "resnet20-cifar10",
                "quantization.scheme", "qat",
                "training.source", "generator");
        var stream = new BatchStream(500, digest("s"));
        var report = JobReport.of(
                JobFields.of(said, List.of()).resolve(),
                Instant.EPOCH,
                accuracy(0.9, 0.995, 0.9),
                new Onnx(new TopK(0.8809, 0.995), 0.9985, 305_144, 1_079_264),
                null,
                List.of(),
                new Seconds(1, 2, 3, 6),
                new Digests(digest("aaa"), digest("t"), List.of(), stream, digest("c"), digest("d")));

        // When
        var lines = new ReportTable(List.of(report), Path.of("/home/store/dsg")).lines();

        // Then
        assertThat(lines.getFirst()).startsWith("resnet20-cifar10: qat W4A4 for reference");
        assertThat(lines.get(4)).matches("generator +90\\.00 .*");
        assertThat(lines)
                .contains(
                        "job job-3: model 9834876dcfb0, 500 batches in a stream 043a718774c5, artefact 2e7d2c03a950",
                        "  trained for 500 steps of 64 images each, ranges learned, weight steps learned");
    }

    private static Accuracy accuracy(double top1, double top5, double agreement) {
        return new Accuracy(
                10_000,
                score(0.9173, 0.997),
                score(top1, top5),
                agreement,
                new Accuracy.Change(0.9173 - top1, new Accuracy.Interval(0.01, 0.05), 500, 100),
                List.of(new Accuracy.ClassScore("all", 10_000, 9_173, 8_000)));
    }

    private static Accuracy.Score score(double top1, double top5) {
        return new Accuracy.Score(
                top1,
                top5,
                new Accuracy.Interval(top1, top1),
                new Accuracy.Interval(top5, top5),
                0.04,
                List.of(new Accuracy.Bin(10_000, top1, top1)));
    }

    private static JobReport report(String id, String method, Integer iterations, Accuracy accuracy, Seconds seconds) {
        var said = new HashMap<String, Object>();
        said.put("jobId", id);
        said.put("model", "resnet20-cifar10");
        said.put("synthesis.method", method);
        said.put("synthesis.iterations", iterations);
        said.put("quantization.weightBits", 3);
        return JobReport.of(
                JobFields.of(said, List.of()).resolve(),
                Instant.EPOCH,
                accuracy,
                new Onnx(new TopK(0.8809, 0.995), 0.9985, 305_144, 1_079_264),
                null,
                List.of(),
                seconds,
                new Digests(digest("aaa"), digest("t"), List.of(digest("a")), null, digest("c"), digest("d")));
    }

    private static Sha256 digest(String text) {
        return Sha256.digest(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
