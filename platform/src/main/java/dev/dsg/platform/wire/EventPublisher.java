package dev.dsg.platform.wire;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.message.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.header.Header;

/**
 * Sends messages as CloudEvents, in the trace of the calling thread, and waits until the broker has them.
 *
 * <p>After a return every message is on the broker. After an exception some may be: whoever tries again repeats them with
 * the same {@code ce_id}.
 */
public final class EventPublisher {

    /** Sent before the next are made; bounds memory when a job has very many tasks. */
    private static final int WINDOW = 256;

    private final RecordSender sender;
    private final String source;
    private final InstantSource clock;
    private final Duration deadline;

    /**
     * A publisher.
     *
     * @param source the {@code ce_source} of all its events, such as {@code /dsg/generator-service}
     * @param clock stamps events
     * @param deadline the longest wait for the broker to take a window of messages
     */
    public EventPublisher(RecordSender sender, String source, InstantSource clock, Duration deadline) {
        this.sender = sender;
        this.source = source;
        this.clock = clock;
        this.deadline = deadline;
    }

    /**
     * Sends one message.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not take it in time
     */
    public void publish(Message message) {
        publish(List.of(message));
    }

    /**
     * Sends messages; those of one key arrive in order.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not take them in time
     */
    public void publish(List<? extends Message> messages) {
        for (int from = 0; from < messages.size(); from += WINDOW) {
            publishWindow(messages.subList(from, Math.min(from + WINDOW, messages.size())), List.of());
        }
    }

    /**
     * Sends one message, further headers beside those of its event.
     *
     * @throws DsgException {@code BROKER_UNAVAILABLE} when the broker does not take it in time
     */
    public void publish(Message message, List<Header> headers) {
        publishWindow(List.of(message), headers);
    }

    private void publishWindow(List<? extends Message> messages, List<Header> headers) {
        var sent = new ArrayList<CompletableFuture<Void>>();
        for (var message : messages) {
            var outgoing = CloudEvents.record(message, source, clock.instant());
            headers.forEach(outgoing.headers()::add);
            sent.add(sender.send(outgoing).toCompletableFuture());
        }
        await(CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)));
    }

    private void await(CompletableFuture<Void> all) {
        try {
            all.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unavailable("the broker did not take a message", e.getCause());
        } catch (TimeoutException e) {
            throw unavailable("the broker did not take a message within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while the broker took a message", e);
        }
    }

    private static DsgException unavailable(String message, Throwable cause) {
        return new DsgException(ErrorCode.BROKER_UNAVAILABLE, message + ": " + cause.getMessage(), cause);
    }
}
