package dev.dsg.contracts.error;

import java.util.Collection;
import java.util.Optional;

/**
 * The one exception of the system: a code that decides what happens next, and for people the field, what it was and
 * what it should have been.
 */
public final class DsgException extends RuntimeException {
    private static final int SHOWN_CHARACTERS = 120;

    private final ErrorCode code;
    private final String field;
    private final String expected;

    private DsgException(ErrorCode code, String field, String expected, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.field = field;
        this.expected = expected;
    }

    /**
     * A failure at a field.
     *
     * @param field dotted path of the field as the user wrote it, such as {@code quantization.weightBits}
     * @param value what was found; {@code null} reads as missing
     * @param expected what would have been accepted
     */
    public DsgException(ErrorCode code, String field, Object value, String expected) {
        this(code, field, value, expected, null);
    }

    /** A failure at a field, with its cause. */
    public DsgException(ErrorCode code, String field, Object value, String expected, Throwable cause) {
        this(code, field, expected, field + " is " + shown(value) + ", expected " + expected, cause);
    }

    /** A failure that belongs to no field. */
    public DsgException(ErrorCode code, String message) {
        this(code, message, (Throwable) null);
    }

    /** A failure that belongs to no field, with its cause. */
    public DsgException(ErrorCode code, String message, Throwable cause) {
        this(code, null, null, message, cause);
    }

    /** A field out of its bounds. */
    public static DsgException invalid(String field, Object value, String expected) {
        return new DsgException(ErrorCode.INVALID_FIELD, field, value, expected);
    }

    /**
     * A field that nobody knows.
     *
     * @param field dotted path of the stranger
     * @param known the names that stand at its place
     */
    public static DsgException unknownField(String field, Collection<String> known) {
        String expected = "one of " + String.join(", ", known);
        return new DsgException(
                ErrorCode.INVALID_FIELD, field, expected, field + " is not a field, expected " + expected, null);
    }

    /**
     * The same failure with its field seen from further out.
     *
     * @param outer path of what holds the field, such as {@code batch} for the field {@code batch.key}
     */
    public DsgException within(String outer) {
        if (field == null || outer.isEmpty()) {
            return this;
        }
        String path = outer + "." + field;
        return new DsgException(code, path, expected, path + getMessage().substring(field.length()), this);
    }

    /** The code. */
    public ErrorCode code() {
        return code;
    }

    /** Dotted path of the field at fault, where there is one. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** What would have been accepted, where that can be said. */
    public Optional<String> expected() {
        return Optional.ofNullable(expected);
    }

    /** The code and the message, as a log or a command line shows them. */
    @Override
    public String toString() {
        return code + ": " + getMessage();
    }

    private static String shown(Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value.toString();
        String cut = text.length() > SHOWN_CHARACTERS ? text.substring(0, SHOWN_CHARACTERS) + "..." : text;
        return value instanceof Number || value instanceof Collection<?> ? cut : '"' + cut + '"';
    }
}
