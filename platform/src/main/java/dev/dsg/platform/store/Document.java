package dev.dsg.platform.store;

/**
 * A small object as it was at one moment.
 *
 * @param bytes its content
 * @param etag what to hand to {@link ObjectStore#compareAndSet} to replace exactly this content
 */
public record Document(byte[] bytes, ETag etag) {}
