package dev.dsg.evaluator.report;

import dev.dsg.contracts.result.Accuracy.Interval;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

    private static final double PERCENT = 100;

    private Figures() {}

    static String percent(double share) {
        return number("%.2f %%", PERCENT * share);
    }

    static String percent(double share, Interval interval) {
        return number("%.2f %% (%.2f to %.2f)", PERCENT * share, PERCENT * interval.low(), PERCENT * interval.high());
    }

    /** Of a hundred, with a sign: the difference of two shares. */
    static String points(double difference) {
        return number("%+.2f", PERCENT * difference);
    }

    static String times(double ratio) {
        return number("%.2f", ratio);
    }

    static String millis(double millis) {
        return number(millis < 10 ? "%.3f" : "%.1f", millis);
    }

    static String count(long count) {
        return number("%,d", count);
    }

    static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
