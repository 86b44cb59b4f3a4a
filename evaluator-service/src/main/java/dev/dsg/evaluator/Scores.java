package dev.dsg.evaluator;

import dev.dsg.contracts.result.Accuracy;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.engine.evaluation.Interval;
import dev.dsg.engine.evaluation.Tally;
import java.util.List;
import java.util.stream.IntStream;

/** Findings as a report tells them. */
final class Scores {

    private Scores() {}

    /**
     * How often both networks are right.
     *
     * @param classes their names, in the order of the labels
     */
    static Accuracy accuracy(Findings found, List<String> classes) {
        return new Accuracy(
                found.fp32().images(),
                score(found.fp32()),
                score(found.quantized()),
                found.quantization().agreement(),
                new Accuracy.Change(
                        found.quantization().drop(),
                        interval(found.quantization().dropInterval()),
                        found.quantization().lost(),
                        found.quantization().won()),
                IntStream.range(0, classes.size())
                        .mapToObj(label -> classScore(found, label, classes.get(label)))
                        .toList());
    }

    /** What ONNX Runtime makes of the artefact. */
    static JobReport.Onnx onnx(Findings found, long bytes, long fp32Bytes) {
        var computed = found.computed();
        return new JobReport.Onnx(
                new JobReport.TopK(computed.top1(), computed.top5()),
                found.computation().agreement(),
                bytes,
                fp32Bytes);
    }

    private static Accuracy.Score score(Tally tally) {
        return new Accuracy.Score(
                tally.top1(),
                tally.top5(),
                interval(Interval.ofShare(tally.right(), tally.images())),
                interval(Interval.ofShare(tally.few(), tally.images())),
                tally.calibrationError(),
                tally.bins().stream()
                        .map(bin -> new Accuracy.Bin(bin.images(), bin.accuracy(), bin.meanConfidence()))
                        .toList());
    }

    private static Accuracy.ClassScore classScore(Findings found, int label, String name) {
        var fp32 = found.fp32().classes().get(label);
        return new Accuracy.ClassScore(
                name,
                fp32.images(),
                fp32.right(),
                found.quantized().classes().get(label).right());
    }

    private static Accuracy.Interval interval(Interval interval) {
        return new Accuracy.Interval(interval.low(), interval.high());
    }
}
