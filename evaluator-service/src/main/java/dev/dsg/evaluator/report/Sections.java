package dev.dsg.evaluator.report;

import static dev.dsg.evaluator.report.Figures.count;
import static dev.dsg.evaluator.report.Figures.millis;
import static dev.dsg.evaluator.report.Figures.number;
import static dev.dsg.evaluator.report.Figures.percent;
import static dev.dsg.evaluator.report.Figures.points;
import static dev.dsg.evaluator.report.Figures.times;

import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.EarlierResult;
import dev.dsg.contracts.result.Gate;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Speed;
import dev.dsg.evaluator.report.Section.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a report says, in words and tables, whatever form it takes. */
final class Sections {

    private static final int CLASSES_SHOWN = 10;

    private final JobReport report;

    private Sections(JobReport report) {
        this.report = report;
    }

    static String title(JobReport report) {
        var how = report.quantization();
        return report.model() + ", " + how.scheme().wireName() + " " + how.widths();
    }

    static String subtitle(JobReport report) {
        return number(
                "Job %s, measured at %s on %,d images of %s.",
                report.jobId(), report.measuredAt(), report.accuracy().images(), report.dataset());
    }

    static List<Section> of(JobReport report) {
        var sections = new Sections(report);
        return List.of(
                sections.gate(),
                sections.accuracy(),
                sections.classes(),
                sections.calibration(),
                sections.speed(),
                sections.earlier(),
                sections.origin());
    }

    private Section gate() {
        var gate = report.gate();
        var rows = new ArrayList<List<String>>();
        if (!gate.checks().isEmpty()) {
            rows.add(List.of("what", "measured", "limit", "", ""));
        }
        gate.checks().forEach(check -> rows.add(row(check)));
        return new Section(
                Topic.GATE,
                List.of(
                        switch (gate.verdict()) {
                            case UNASKED -> "The job asked for nothing.";
                            case PASSED -> "Passed.";
                            case FAILED -> "Failed.";
                        }),
                rows);
    }

    private static List<String> row(Gate.Check check) {
        var verdict = check.passed() ? "passed" : "failed";
        var doubt = check.clear() ? "" : "within the uncertainty of the measurement";
        return switch (check.criterion()) {
            case DROP ->
                List.of(
                        "top-1 lost, points",
                        points(check.measured()),
                        "at most " + points(check.limit()),
                        verdict,
                        doubt);
            case SPEEDUP ->
                List.of("times as fast", times(check.measured()), "at least " + times(check.limit()), verdict, doubt);
            case BYTES ->
                List.of(
                        "bytes",
                        count((long) check.measured()),
                        "at most " + count((long) check.limit()),
                        verdict,
                        doubt);
        };
    }

    private Section accuracy() {
        var accuracy = report.accuracy();
        var change = accuracy.change();
        var onnx = report.onnx();
        return new Section(
                Topic.ACCURACY,
                List.of(
                        number(
                                "Quantization cost %s points of top-1 (%s to %s): %,d images were right before and are wrong"
                                        + " now, %,d the other way round; of %s both say the same.",
                                points(change.drop()),
                                points(change.dropInterval().low()),
                                points(change.dropInterval().high()),
                                change.lost(),
                                change.won(),
                                percent(accuracy.agreement())),
                        "In brackets are intervals of 95 % confidence: where a number lies for images of this kind, of which"
                                + " these are a sample. They say nothing of another seed."),
                List.of(
                        List.of("", "fp32", "quantized", "quantized, in ONNX Runtime"),
                        List.of(
                                "top-1",
                                percent(accuracy.fp32().top1(), accuracy.fp32().top1Interval()),
                                percent(
                                        accuracy.quantized().top1(),
                                        accuracy.quantized().top1Interval()),
                                percent(onnx.quantized().top1())),
                        List.of(
                                "top-5",
                                percent(accuracy.fp32().top5(), accuracy.fp32().top5Interval()),
                                percent(
                                        accuracy.quantized().top5(),
                                        accuracy.quantized().top5Interval()),
                                percent(onnx.quantized().top5())),
                        List.of("says what was predicted", "", "", percent(onnx.agreement())),
                        List.of(
                                "bytes of the ONNX model",
                                count(onnx.fp32Bytes()),
                                "",
                                count(onnx.bytes()) + ", " + percent((double) onnx.bytes() / onnx.fp32Bytes()))));
    }

    private Section classes() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("class", "images", "fp32", "quantized", "points"));
        mostChanged(report.accuracy().classes())
                .forEach(one -> rows.add(List.of(
                        one.name(),
                        count(one.images()),
                        percent(share(one.fp32(), one.images())),
                        percent(share(one.quantized(), one.images())),
                        points(-one.drop()))));
        return new Section(
                Topic.CLASSES,
                List.of(number(
                        "Of %,d classes, those whose recognition changed most.",
                        report.accuracy().classes().size())),
                rows);
    }

    /** The classes with images whose recognition changed most, the worst first. */
    static List<Accuracy.ClassScore> mostChanged(List<Accuracy.ClassScore> classes) {
        return classes.stream()
                .filter(one -> one.images() > 0)
                .sorted(Comparator.comparingDouble((Accuracy.ClassScore one) -> -Math.abs(one.drop())))
                .limit(CLASSES_SHOWN)
                .sorted(Comparator.comparingDouble((Accuracy.ClassScore one) -> -one.drop()))
                .toList();
    }

    private Section calibration() {
        var accuracy = report.accuracy();
        return new Section(
                Topic.CALIBRATION,
                List.of(number(
                        "How far confidence is from accuracy, on average over the images in %d bins (expected calibration"
                                + " error): %s of fp32, %s of quantized.",
                        accuracy.fp32().calibration().size(),
                        percent(accuracy.fp32().calibrationError()),
                        percent(accuracy.quantized().calibrationError()))),
                List.of());
    }

    private Section speed() {
        var speed = report.speed();
        if (speed == null) {
            return new Section(Topic.SPEED, List.of("The job did not want to know."), List.of());
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("images at once", "", "p50 ms", "p95 ms", "p99 ms", "images/s", "times as fast"));
        for (var pace : speed.paces()) {
            var batch = number("%d, %,d runs", pace.batch(), pace.rounds());
            rows.add(row(batch, "fp32", pace.fp32(), ""));
            rows.add(row(
                    "",
                    "quantized",
                    pace.quantized(),
                    number(
                            "%.2f (%.2f to %.2f)",
                            pace.speedup(),
                            pace.speedupInterval().low(),
                            pace.speedupInterval().high())));
        }
        return new Section(
                Topic.SPEED,
                List.of(
                        number(
                                "%s, %d thread, %s; %s, %d cores, with %s; load average %.2f before and %.2f after.",
                                speed.runtime(),
                                speed.threads(),
                                speed.spinning() ? "spinning" : "not spinning",
                                speed.processor(),
                                speed.cores(),
                                speed.features().isEmpty() ? "no features told" : String.join(" ", speed.features()),
                                speed.loadBefore(),
                                speed.loadAfter()),
                        "Both models took turns, run by run. Milliseconds are on the clock, other processes included; how many"
                                + " times as fast is by the processor's time, the median over the rounds."),
                rows);
    }

    private static List<String> row(String batch, String model, Speed.Times measured, String speedup) {
        return List.of(
                batch,
                model,
                millis(measured.p50()),
                millis(measured.p95()),
                millis(measured.p99()),
                number("%.0f", measured.imagesPerSecond()),
                speedup);
    }

    private Section earlier() {
        if (report.earlier().isEmpty()) {
            return new Section(Topic.EARLIER, List.of("None of this network on these images."), List.of());
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("job", "at", "how", "images", "seed", "top-1", "agree", "bytes", "times as fast"));
        report.earlier().forEach(result -> rows.add(row(result)));
        rows.add(row(EarlierResult.of(report)));
        return new Section(
                Topic.EARLIER,
                List.of("Of this network on these images, the latest last; the last row is this job."),
                rows);
    }

    private static List<String> row(EarlierResult result) {
        return List.of(
                result.jobId().toString(),
                result.measuredAt().toString(),
                number(
                        "%s W%sA%s %s for %s",
                        result.scheme().wireName(),
                        result.weightBits(),
                        result.activationBits(),
                        result.rounding().wireName(),
                        result.target().wireName()),
                result.method().wireName(),
                Long.toString(result.seed()),
                percent(result.top1()),
                percent(result.agreement()),
                count(result.bytes()),
                result.speedup() == null ? "" : times(result.speedup()));
    }

    private Section origin() {
        var digests = report.digests();
        var seconds = report.seconds();
        return new Section(
                Topic.ORIGIN,
                List.of(number(
                        "Seed %d. Synthesis took %.1f s, quantization %.1f s, evaluation %.1f s; %.1f s in all.",
                        report.seed(),
                        seconds.synthesis(),
                        seconds.quantization(),
                        seconds.evaluation(),
                        seconds.total())),
                List.of(
                        List.of("what", "SHA-256"),
                        List.of("weights", digests.model().hex()),
                        List.of("test images", digests.dataset().hex()),
                        List.of("artefact", digests.artifact().hex()),
                        List.of("its ONNX model", digests.onnx().hex())));
    }

    private static double share(int count, int of) {
        return (double) count / of;
    }
}
