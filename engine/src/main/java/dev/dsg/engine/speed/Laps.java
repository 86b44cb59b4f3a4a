package dev.dsg.engine.speed;

import dev.dsg.engine.evaluation.Interval;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The times of one model's runs in a race, in nanoseconds, in the order of the rounds.
 *
 * @param clock {@code [rounds]}, on the clock
 * @param processor {@code [rounds]}, of the processor
 */
public record Laps(long[] clock, long[] processor) {

    private static final double NANOS = 1e9;
    private static final double HALF = 0.5;

    /**
     * How many times as fast a model is.
     *
     * @param value the median of the rounds
     * @param interval where it lies with 95 % confidence
     */
    public record Speedup(double value, Interval interval) {}

    static final class Builder {
        private final LongStream.Builder clock = LongStream.builder();
        private final LongStream.Builder processor = LongStream.builder();

        void add(long clockNanos, long processorNanos) {
            clock.add(clockNanos);
            processor.add(processorNanos);
        }

        Laps build() {
            return new Laps(clock.build().toArray(), processor.build().toArray());
        }
    }

    public Laps {
        if (clock.length < 1 || clock.length != processor.length) {
            throw new IllegalArgumentException(clock.length + " times on the clock, " + processor.length + " others");
        }
    }

    /** How many rounds there were. */
    public int rounds() {
        return clock.length;
    }

    /**
     * Seconds on the clock that a share of the runs did not exceed: the nearest rank, so always the time of a run.
     *
     * @param share above 0, at most 1, such as 0.99
     */
    public double seconds(double share) {
        return nearestRank(clock, share) / NANOS;
    }

    /** The median of the processor's seconds. */
    public double processorSeconds() {
        return nearestRank(processor, HALF) / NANOS;
    }

    /** How many times as fast {@code other} was in the same rounds, by the processor's time. */
    public Speedup speedupOf(Laps other) {
        if (other.rounds() != rounds()) {
            throw new IllegalArgumentException(other.rounds() + " rounds against " + rounds());
        }
        double[] ratios = IntStream.range(0, rounds())
                .mapToDouble(i -> (double) processor[i] / Math.max(1, other.processor[i]))
                .sorted()
                .toArray();
        return new Speedup(ratios[rank(ratios.length, HALF)], Interval.ofMedian(ratios));
    }

    private static long nearestRank(long[] values, double share) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[rank(sorted.length, share)];
    }

    private static int rank(int count, double share) {
        return Math.max(0, (int) Math.ceil(count * share) - 1);
    }
}
