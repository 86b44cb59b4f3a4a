package dev.dsg.standalone.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a file must be.
 *
 * @param algorithm of {@link MessageDigest}
 * @param hex the digest, in lower-case hexadecimal digits
 */
record Checksum(String algorithm, String hex) {

    /** Whether a file has this digest. */
    boolean matches(Path file) throws IOException {
        var digest = accumulator();
        var buffer = new byte[1 << 16];
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    private MessageDigest accumulator() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + algorithm, e);
        }
    }
}
