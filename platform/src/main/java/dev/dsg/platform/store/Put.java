package dev.dsg.platform.store;

import dev.dsg.contracts.store.ObjectRef;

/**
 * What came of a conditional put.
 *
 * @param created whether the content is ours; otherwise somebody was there before
 * @param ref what lies there now, whoever put it
 */
public record Put(boolean created, ObjectRef ref) {}
