package dev.dsg.standalone.job;

import dev.dsg.contracts.job.TrainingSource;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.Gate;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Speed;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.standalone.terminal.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What jobs achieved, for people: one row each, beside the network as it came.
 *
 * @param reports of jobs that quantized one network in one way
 * @param bucket the folder in which the store keeps its objects
 */
public record ReportTable(List<JobReport> reports, Path bucket) {

    private static final int SHOWN_DIGITS = 12;
    private static final String NONE = "";

    /** The lines. */
    public List<String> lines() {
        var first = reports.getFirst();
        var how = first.quantization();
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s %s for %s, range %s, rounding %s, seed %d; measured on %,d images of %s",
                first.model(),
                how.scheme().wireName(),
                how.widths(),
                how.target().wireName(),
                how.range().wireName(),
                how.rounding().wireName(),
                first.seed(),
                first.accuracy().images(),
                first.dataset()));
        lines.add(NONE);
        lines.addAll(table(first).lines());
        for (var report : reports) {
            lines.add(NONE);
            lines.addAll(lineage(report));
        }
        return lines;
    }

    private Table table(JobReport first) {
        var table = new Table(
                "",
                "images",
                "iterations",
                "top-1 %",
                "top-5 %",
                "drop",
                "agree %",
                "synth s",
                "quant s",
                "eval s",
                "total s");
        var fp32 = first.accuracy().fp32();
        table.row("fp32", NONE, NONE, percent(fp32.top1()), percent(fp32.top5()), NONE, NONE, NONE, NONE, NONE, NONE);
        for (var report : reports) {
            var quantized = report.accuracy().quantized();
            table.row(
                    streamed(report)
                            ? TrainingSource.GENERATOR.wireName()
                            : report.synthesis().method().wireName(),
                    streamed(report)
                            ? NONE
                            : Integer.toString(report.synthesis().images()),
                    streamed(report)
                            ? NONE
                            : Integer.toString(report.synthesis().iterations()),
                    percent(quantized.top1()),
                    percent(quantized.top5()),
                    percent(report.accuracy().change().drop()),
                    percent(report.accuracy().agreement()),
                    seconds(report.seconds().synthesis()),
                    seconds(report.seconds().quantization()),
                    seconds(report.seconds().evaluation()),
                    seconds(report.seconds().total()));
        }
        return table;
    }

    private List<String> lineage(JobReport report) {
        var digests = report.digests();
        var lines = new ArrayList<String>();
        lines.add(String.format(
                "job %s: model %s, %s, artefact %s",
                report.jobId(), shortened(digests.model()), batches(digests), shortened(digests.artifact())));
        if (report.training() != null) {
            lines.add("  " + training(report.training()));
        }
        lines.add("  " + certainty(report.accuracy()));
        lines.add("  " + onnx(report.onnx()));
        if (report.speed() != null) {
            lines.add("  " + speed(report.speed().paces().getFirst()));
        }
        if (report.gate().verdict() != Gate.Verdict.UNASKED) {
            lines.add("  gate: " + gate(report.gate()));
        }
        lines.add("  " + bucket.resolve(StoreLayout.onnx(report.jobId()).toString()));
        return lines;
    }

    private static boolean streamed(JobReport report) {
        return report.training() != null && report.training().source() == TrainingSource.GENERATOR;
    }

    /** Batches that were deleted have one digest for all. */
    private static String batches(JobReport.Digests digests) {
        return digests.stream() == null
                ? digests.batches().size() + " batches from "
                        + shortened(digests.batches().getFirst())
                : digests.stream().batches() + " batches in a stream "
                        + shortened(digests.stream().sha256());
    }

    private static String training(TrainingSpec training) {
        return String.format(
                Locale.ROOT,
                "trained for %,d steps of %d images each, ranges %s, weight steps %s",
                training.steps(),
                training.batchSize(),
                training.ranges().wireName(),
                training.weightSteps().wireName());
    }

    private static String onnx(JobReport.Onnx onnx) {
        return String.format(
                Locale.ROOT,
                "ONNX: %,d bytes, %s %% of fp32; ONNX Runtime has top-1 %s %%, agrees with the prediction on %s %%",
                onnx.bytes(),
                percent((double) onnx.bytes() / onnx.fp32Bytes()),
                percent(onnx.quantized().top1()),
                percent(onnx.agreement()));
    }

    private static String certainty(Accuracy accuracy) {
        var interval = accuracy.change().dropInterval();
        return String.format(
                Locale.ROOT,
                "drop %s to %s points with 95 %% confidence; calibration error %s %%, fp32 %s %%",
                percent(interval.low()),
                percent(interval.high()),
                percent(accuracy.quantized().calibrationError()),
                percent(accuracy.fp32().calibrationError()));
    }

    private static String speed(Speed.Pace pace) {
        return String.format(
                Locale.ROOT,
                "one image takes %.3f ms (p95 %.3f, p99 %.3f), fp32 %.3f ms; %.2f times as fast",
                pace.quantized().p50(),
                pace.quantized().p95(),
                pace.quantized().p99(),
                pace.fp32().p50(),
                pace.speedup());
    }

    private static String gate(Gate gate) {
        return gate.checks().stream()
                .map(check -> String.format(
                        Locale.ROOT,
                        "%s %.4g, limit %.4g, %s",
                        check.criterion().wireName(),
                        check.measured(),
                        check.limit(),
                        check.passed() ? "passed" : "failed"))
                .collect(Collectors.joining("; ", gate.verdict().wireName() + ": ", ""));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static String shortened(Sha256 digest) {
        return digest.hex().substring(0, SHOWN_DIGITS);
    }
}
