package dev.dsg.contracts.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.dsg.contracts.error.Require;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest.
 *
 * @param hex 64 lower-case hexadecimal digits; one JSON string on the wire
 */
public record Sha256(@JsonValue String hex) {
    /** The form of the text. */
    public static final Pattern PATTERN = Pattern.compile("[0-9a-f]{64}");

    /** Refuses anything but 64 lower-case hexadecimal digits. */
    public Sha256 {
        Require.matching("sha256", hex, PATTERN, "64 lower-case hexadecimal digits");
    }

    /** Reads the text form. */
    @JsonCreator
    public static Sha256 parse(String hex) {
        return new Sha256(hex);
    }

    /** The digest of some bytes. */
    public static Sha256 digest(byte[] content) {
        return finish(newDigest(), content);
    }

    /** An accumulator for content that arrives in pieces; hand it to {@link #finish(MessageDigest)}. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The digest of what went into an accumulator, which is reset. */
    public static Sha256 finish(MessageDigest digest) {
        return finish(digest, new byte[0]);
    }

    private static Sha256 finish(MessageDigest digest, byte[] last) {
        return new Sha256(HexFormat.of().formatHex(digest.digest(last)));
    }

    @Override
    public String toString() {
        return hex;
    }
}
