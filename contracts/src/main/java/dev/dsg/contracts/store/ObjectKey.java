package dev.dsg.contracts.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.DsgException;
import java.util.regex.Pattern;

/**
 * The name of an object in the bucket, such as {@code jobs/j1/spec.json}.
 *
 * <p>{@link #parse} is the only way from text to a key, so a key never leads out of its folder, whatever a store does
 * with its text.
 */
public final class ObjectKey {
    /** Segments of plain characters, none of which starts with a dot. */
    public static final Pattern PATTERN =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
    /** The most characters that every store accepts for a file name as well as for a key. */
    public static final int MAX_LENGTH = 255;

    private final String path;

    private ObjectKey(String path) {
        this.path = path;
    }

    /**
     * Reads a key.
     *
     * @throws DsgException {@code INVALID_FIELD} for anything but relative, normal paths of plain characters
     */
    @JsonCreator
    public static ObjectKey parse(String path) {
        if (path == null || path.length() > MAX_LENGTH || !PATTERN.matcher(path).matches()) {
            throw DsgException.invalid(
                    "key",
                    path,
                    "segments of A-Z a-z 0-9 . _ - that do not start with a dot, joined by single slashes");
        }
        return new ObjectKey(path);
    }

    /** The key of something below this one. */
    public ObjectKey resolve(String below) {
        return parse(path + "/" + below);
    }

    /** The last segment. */
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The text that {@link #parse} reads. */
    @JsonValue
    @Override
    public String toString() {
        return path;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectKey key && key.path.equals(path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }
}
