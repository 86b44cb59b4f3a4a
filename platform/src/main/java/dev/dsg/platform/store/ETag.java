package dev.dsg.platform.store;

/**
 * What the store calls one content of a key; another content has another tag.
 *
 * @param value opaque, without quotes
 */
public record ETag(String value) {}
