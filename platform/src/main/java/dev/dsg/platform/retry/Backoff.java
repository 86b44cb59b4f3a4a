package dev.dsg.platform.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: doubled after each failure, bounded, and jittered so that those who failed together do not come
 * back together.
 *
 * @param first the pause after the first failure
 * @param longest no pause is longer
 */
public record Backoff(Duration first, Duration longest) {

    private static final int MAX_DOUBLINGS = 30;

    /** Refuses pauses that are none, or a longest that is shorter than the first. */
    public Backoff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("expected 0 < first <= longest, not " + first + " and " + longest);
        }
    }

    /**
     * The pause after some failures: between half and all of {@code first * 2^(failures - 1)}, at most {@code longest}.
     *
     * @param failures how many there were, at least 1
     */
    public Duration after(int failures, RandomGenerator random) {
        var doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        var full = Math.min(saturatedShift(first.toMillis(), doublings), longest.toMillis());
        return Duration.ofMillis(full / 2 + random.nextLong(full - full / 2 + 1));
    }

    private static long saturatedShift(long value, int by) {
        return value > Long.MAX_VALUE >> by ? Long.MAX_VALUE : value << by;
    }
}
