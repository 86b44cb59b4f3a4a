package dev.dsg.contracts.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.store.Sha256;

/**
 * What is known of batches that are deleted once they have been used: how many there were, and a digest that no other
 * batches and no other order of them have.
 *
 * <p>The digest is a chain: of nothing at first, then that of the digest so far and the next batch's, both as text. So
 * whoever goes on with half a stream needs what is here and no batch that came before.
 *
 * @param batches how many
 * @param sha256 the digest of them all
 */
public record BatchStream(int batches, Sha256 sha256) {
    /** No batch yet. */
    public static final BatchStream EMPTY = new BatchStream(0, Sha256.digest(new byte[0]));

    /** Refuses a negative number and a missing digest. */
    public BatchStream {
        Require.atLeast("stream.batches", batches, 0);
        Require.present("stream.sha256", sha256);
    }

    /** The stream with one batch more. */
    public BatchStream then(Sha256 batch) {
        return new BatchStream(batches + 1, Sha256.digest((sha256.hex() + batch.hex()).getBytes(UTF_8)));
    }
}
