package dev.dsg.contracts.error;

import java.util.List;
import java.util.regex.Pattern;

/** The checks that records make of themselves; each names the field and returns what it checked. */
public final class Require {
    /** Names of networks, data sets and the like: they become path segments of the store. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private Require() {}

    /** A value must be there. */
    public static <T> T present(String field, T value) {
        if (value == null) {
            throw DsgException.invalid(field, null, "a value");
        }
        return value;
    }

    /** A text must be there and say something. */
    public static String text(String field, String value) {
        if (value == null || value.isBlank()) {
            throw DsgException.invalid(field, value, "some text");
        }
        return value;
    }

    /** A name must match {@link #NAME}. */
    public static String name(String field, String value) {
        return matching(field, value, NAME, "1 to 64 of a-z 0-9 . _ - starting with a letter or digit");
    }

    /** A text must match a pattern as a whole. */
    public static String matching(String field, String value, Pattern pattern, String expected) {
        if (value == null || !pattern.matcher(value).matches()) {
            throw DsgException.invalid(field, value, expected);
        }
        return value;
    }

    /** A number must not be less than {@code min}. */
    public static long atLeast(String field, long value, long min) {
        if (value < min) {
            throw DsgException.invalid(field, value, "at least " + min);
        }
        return value;
    }

    /** A whole number must lie in a closed range. */
    public static long within(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw DsgException.invalid(field, value, "an integer in " + min + ".." + max);
        }
        return value;
    }

    /** A number must lie in a closed range; not-a-number does not. */
    public static double within(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw DsgException.invalid(field, value, "a number in [" + min + ", " + max + "]");
        }
        return value;
    }

    /** A list must be there and have at least {@code min} elements; the copy that comes back is unmodifiable. */
    public static <T> List<T> list(String field, List<T> value, int min) {
        if (present(field, value).size() < min) {
            throw DsgException.invalid(field, value, "at least " + min + " elements");
        }
        return List.copyOf(value);
    }
}
