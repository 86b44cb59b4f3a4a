package dev.dsg.contracts.store;

import dev.dsg.contracts.error.Require;

/**
 * Where an object lies and what it must be: a reader refuses one whose bytes differ.
 *
 * @param key its name in the bucket
 * @param sha256 digest of its bytes
 * @param size number of its bytes
 */
public record ObjectRef(ObjectKey key, Sha256 sha256, long size) {
    /** Refuses missing parts and negative sizes. */
    public ObjectRef {
        Require.present("key", key);
        Require.present("sha256", sha256);
        Require.atLeast("size", size, 0);
    }

    /** The reference of some bytes under a key. */
    public static ObjectRef of(ObjectKey key, byte[] content) {
        return new ObjectRef(key, Sha256.digest(content), content.length);
    }
}
