/**
 * The object store: what the system needs of one ({@link dev.dsg.platform.store.ObjectStore}), and that over any
 * S3-compatible server ({@link dev.dsg.platform.store.S3ObjectStore}).
 *
 * <p>All failures are {@link dev.dsg.contracts.error.DsgException}s: {@code STORE_UNAVAILABLE} when the store does not
 * answer or refuses us, {@code CORRUPT_OBJECT} when an object is not what its reference says.
 */
package dev.dsg.platform.store;
