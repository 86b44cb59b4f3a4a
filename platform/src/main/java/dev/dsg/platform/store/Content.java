package dev.dsg.platform.store;

import dev.dsg.contracts.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What to put: bytes in memory or a file, with the digest that the store is asked to check it against. */
public sealed interface Content {

    /** Media type of JSON. */
    String JSON = "application/json";
    /** Media type of everything that has none of its own. */
    String BINARY = "application/octet-stream";

    /** Media type, kept beside the object. */
    String contentType();

    /** Digest of all bytes. */
    Sha256 sha256();

    /** Number of bytes. */
    long size();

    /** Content that is in memory. */
    static Content of(byte[] bytes, String contentType) {
        return new Bytes(bytes, contentType, Sha256.digest(bytes));
    }

    /**
     * The content of a file, which must not change until it is put.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    static Content of(Path file, String contentType) {
        var digest = Sha256.newDigest();
        var buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            long size = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
            return new File(file, contentType, Sha256.finish(digest), size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes in memory; see {@link Content#of(byte[], String)}. */
    record Bytes(byte[] bytes, String contentType, Sha256 sha256) implements Content {
        @Override
        public long size() {
            return bytes.length;
        }
    }

    /** A file; see {@link Content#of(Path, String)}. */
    record File(Path path, String contentType, Sha256 sha256, long size) implements Content {}
}
