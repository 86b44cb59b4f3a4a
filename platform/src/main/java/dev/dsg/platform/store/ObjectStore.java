package dev.dsg.platform.store;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Objects under keys. What one caller put, every caller sees at once.
 *
 * <p>Every method waits out short outages by itself and throws {@code STORE_UNAVAILABLE} when an outage lasts; the same
 * call can then be made again without harm.
 */
public interface ObjectStore {

    /**
     * Puts an object where there is none. Linearizable per key, never overwrites: of many callers that race for one key,
     * exactly one creates it, and all are told what lies there.
     */
    Put putIfAbsent(ObjectKey key, Content content);

    /**
     * Replaces exactly the content that the caller has seen. Linearizable per key: of many callers that saw the same
     * content, exactly one replaces it.
     *
     * @param expected the tag of the content seen
     * @return whether it was replaced; {@code false} when the key has another content by now, or none
     */
    boolean compareAndSet(ObjectKey key, Content content, ETag expected);

    /**
     * Reads a small object as it is now.
     *
     * @return empty when there is none
     * @throws DsgException {@code CORRUPT_OBJECT} when it is larger than 16 MiB and so no document
     */
    Optional<Document> read(ObjectKey key);

    /** What lies under a key now, or empty when there is nothing; reads the object only if its digest was not recorded. */
    Optional<ObjectRef> find(ObjectKey key);

    /**
     * Streams an object in bounded memory and checks it against its reference on the way: whoever has seen the end of
     * the stream has seen the right bytes.
     *
     * <p>Reads throw {@code CORRUPT_OBJECT} as soon as size or digest are wrong, {@code STORE_UNAVAILABLE} when the store
     * goes away.
     *
     * @throws DsgException {@code CORRUPT_OBJECT} when there is no such object
     */
    InputStream open(ObjectRef ref);

    /**
     * Reads all of an object, checked against its reference.
     *
     * @throws DsgException {@code CORRUPT_OBJECT} when it is not there or not what the reference says
     */
    byte[] getBytes(ObjectRef ref);

    /**
     * The keys of all objects in a folder and below, sorted.
     *
     * @param folder path that ends in a slash, such as {@code jobs/j1/}
     */
    List<ObjectKey> list(String folder);

    /**
     * The names of the folders directly in a folder, sorted.
     *
     * @param folder path that ends in a slash, such as {@code jobs/}
     */
    List<String> folders(String folder);

    /** Deletes an object; that there is none is no error. */
    void delete(ObjectKey key);

    /**
     * Deletes all objects in a folder and below, one by one; what is put meanwhile may stay.
     *
     * @param folder path that ends in a slash, such as {@code jobs/j1/checkpoints/}
     */
    void deleteAll(String folder);

    /**
     * Asks for a sign of life, once and without patience.
     *
     * @throws DsgException {@code STORE_UNAVAILABLE} when there is none
     */
    void ping();
}
