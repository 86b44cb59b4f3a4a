/**
 * Queues: topics read through Kafka share groups, one record at a time.
 *
 * <p>A {@link dev.dsg.platform.queue.ShareWorker} runs a {@link dev.dsg.platform.queue.TaskHandler} on each message, keeps
 * the record locked while it runs, and decides by what it throws whether the record is done with, comes back after a pause,
 * or goes to the dead letters. It promises that every record is handled at least once or dead-lettered, and that a handler
 * runs only while its record is locked for it.
 */
package dev.dsg.platform.queue;
