package dev.dsg.platform.queue;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.Message;

/**
 * What a service does with the messages of a queue. It must be harmless to run twice: after a crash, or when an
 * acknowledgement got lost, a message comes again.
 */
public interface TaskHandler<M extends Message> {

    /**
     * Acts on a message. A return means that all it asks for is done and on record.
     *
     * @throws DsgException whose code decides what becomes of the message: released for another try after a pause,
     *     dead-lettered, or dropped; any other exception counts as {@code INTERNAL}
     * @throws InterruptedException when cancelled; the message is released at once
     */
    void handle(Task<M> task) throws InterruptedException;

    /**
     * Hears that a message of a job is about to be dead-lettered, by its own exception or before it ever ran; the place to
     * fail the job. When this throws, the message is released and rejected again later.
     */
    default void rejected(JobId job, DsgException cause) {}
}
