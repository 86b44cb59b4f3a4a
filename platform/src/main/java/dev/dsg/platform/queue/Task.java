package dev.dsg.platform.queue;

import dev.dsg.contracts.message.Message;
import java.util.function.BooleanSupplier;

/**
 * A message to act on.
 *
 * @param message what is asked for
 * @param eventId its {@code ce_id}, the same at every delivery
 * @param deliveries how often it was delivered, this time included
 * @param drain whether the worker is to take leave
 * @param cancellation whether this run has become pointless
 */
public record Task<M extends Message>(
        M message, String eventId, int deliveries, BooleanSupplier drain, BooleanSupplier cancellation) {

    /** A task delivered for the first time that nobody cancels; for tests of handlers. */
    public static <M extends Message> Task<M> of(M message) {
        return new Task<>(message, message.eventId(), 1, () -> false, () -> false);
    }

    /**
     * Whether to come to an end: the worker was told to stop, and a grace time runs. Short work ends by itself; long work
     * puts down how far it is, sends its own message again and returns, so that another worker goes on at once and the
     * handover counts as no failed delivery.
     */
    public boolean stopping() {
        return drain.getAsBoolean();
    }

    /**
     * Whether to stop: the process is going down, or another worker may have the record by now. The handler's thread is
     * interrupted too; long computations that notice no interrupt ask here.
     */
    public boolean cancelled() {
        return cancellation.getAsBoolean();
    }
}
