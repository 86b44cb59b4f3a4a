package dev.dsg.contracts.result;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.EvaluationSpec;
import dev.dsg.contracts.job.WireNamed;
import dev.dsg.contracts.result.Accuracy.Interval;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether an artefact is what its job asked for.
 *
 * @param verdict of all checks
 * @param checks one for each threshold of the job
 */
public record Gate(Verdict verdict, List<Check> checks) {

    /** What comes of the checks. */
    public enum Verdict implements WireNamed {
        /** The job has no thresholds. */
        UNASKED,
        /** All are kept. */
        PASSED,
        /** One at least is not. */
        FAILED
    }

    /** What is checked. */
    public enum Criterion implements WireNamed {
        /** How much top-1 was lost, as a fraction, is at most so much. */
        DROP,
        /** It is at least so many times as fast, with one image at a time. */
        SPEEDUP,
        /** Its ONNX model has at most so many bytes. */
        BYTES
    }

    /**
     * One threshold.
     *
     * @param criterion what is checked
     * @param measured what was found
     * @param limit what the job allows
     * @param passed whether it is within
     * @param clear whether the whole interval of 95 % confidence is on that side of the limit; where it is not, more images
     *     or a quieter machine could turn the verdict
     */
    public record Check(Criterion criterion, double measured, double limit, boolean passed, boolean clear) {
        /** Refuses missing parts. */
        public Check {
            Require.present("check.criterion", criterion);
        }

        private static Check atMost(Criterion criterion, double measured, double limit, Interval interval) {
            boolean passed = measured <= limit;
            return new Check(
                    criterion, measured, limit, passed, passed ? interval.high() <= limit : interval.low() > limit);
        }

        private static Check atLeast(Criterion criterion, double measured, double limit, Interval interval) {
            boolean passed = measured >= limit;
            return new Check(
                    criterion, measured, limit, passed, passed ? interval.low() >= limit : interval.high() < limit);
        }
    }

    /** Refuses missing parts, and a verdict that does not follow. */
    public Gate {
        checks = Require.list("gate.checks", checks, 0);
        Verdict follows = verdict(checks);
        if (Require.present("gate.verdict", verdict) != follows) {
            throw DsgException.invalid("gate.verdict", verdict.wireName(), follows.wireName() + " by its checks");
        }
    }

    /**
     * Checks what was measured.
     *
     * @param asked the thresholds
     * @param change what was lost
     * @param speed how fast it is; {@code null} where nobody measured and so nobody asked
     * @param bytes size of the ONNX model
     */
    public static Gate of(EvaluationSpec asked, Accuracy.Change change, Speed speed, long bytes) {
        List<Check> checks = new ArrayList<>();
        if (asked.maxDrop() != null) {
            checks.add(Check.atMost(Criterion.DROP, change.drop(), asked.maxDrop(), change.dropInterval()));
        }
        if (asked.minSpeedup() != null) {
            Speed.Pace pace = speed.paces().getFirst();
            checks.add(Check.atLeast(Criterion.SPEEDUP, pace.speedup(), asked.minSpeedup(), pace.speedupInterval()));
        }
        if (asked.maxBytes() != null) {
            checks.add(Check.atMost(Criterion.BYTES, bytes, asked.maxBytes(), new Interval(bytes, bytes)));
        }
        return new Gate(verdict(checks), checks);
    }

    private static Verdict verdict(List<Check> checks) {
        if (checks.isEmpty()) {
            return Verdict.UNASKED;
        }
        return checks.stream().allMatch(Check::passed) ? Verdict.PASSED : Verdict.FAILED;
    }
}
