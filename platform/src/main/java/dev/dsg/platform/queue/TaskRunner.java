package dev.dsg.platform.queue;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.Message;
import dev.dsg.platform.queue.TaskMetrics.Outcome;
import dev.dsg.platform.retry.Backoff;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.Trace;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/** Runs the handler on one record and decides what becomes of the record. Touches no consumer. */
final class TaskRunner<M extends Message> {

    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    /** So many deliveries past the limit, a record is dead-lettered even if the handler cannot be told. */
    private static final int REJECTION_TRIES = 3;

    private static final long TICK_MILLIS = 100;

    private final Queue<M> queue;
    private final TaskHandler<M> handler;
    private final DeadLetters deadLetters;
    private final TaskMetrics metrics;
    private final int deliveryLimit;
    private final Backoff backoff;
    private final RandomGenerator random;

    TaskRunner(
            Queue<M> queue,
            TaskHandler<M> handler,
            DeadLetters deadLetters,
            TaskMetrics metrics,
            int deliveryLimit,
            Backoff backoff,
            RandomGenerator random) {
        this.queue = queue;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.deliveryLimit = deliveryLimit;
        this.backoff = backoff;
        this.random = random;
    }

    /**
     * Handles a delivery on the calling thread, which is interrupted when the delivery is cancelled.
     *
     * @param stopping whether the worker is to take leave
     * @param cancelled whether the delivery is no longer ours
     * @return how to acknowledge the record; a release comes after its pause
     */
    AcknowledgeType run(ConsumerRecord<String, byte[]> incoming, BooleanSupplier stopping, BooleanSupplier cancelled) {
        describe(incoming);
        var span = span(incoming);
        try (var _ = span.makeCurrent()) {
            var outcome = measured(incoming, stopping, cancelled);
            if (outcome == Outcome.RELEASED) {
                pause(incoming, () -> stopping.getAsBoolean() || cancelled.getAsBoolean());
            }
            return acknowledgement(outcome);
        } finally {
            span.end();
            MDC.clear();
        }
    }

    private Outcome measured(
            ConsumerRecord<String, byte[]> incoming, BooleanSupplier stopping, BooleanSupplier cancelled) {
        metrics.begin();
        var begin = System.nanoTime();
        var outcome = Outcome.RELEASED;
        try {
            outcome = handled(incoming, stopping, cancelled);
            return outcome;
        } finally {
            metrics.end(outcome, System.nanoTime() - begin);
        }
    }

    private Outcome handled(
            ConsumerRecord<String, byte[]> incoming, BooleanSupplier stopping, BooleanSupplier cancelled) {
        var deliveries = Deliveries.of(incoming);
        if (deliveries > deliveryLimit) {
            return rejected(incoming, exhausted("whoever had it before died over it", null));
        }
        BooleanSupplier leaving = () -> stopping.getAsBoolean() || cancelled.getAsBoolean();
        try {
            var message = queue.parse(incoming);
            handler.handle(new Task<>(message, message.eventId(), deliveries, stopping, cancelled));
            return Outcome.SUCCEEDED;
        } catch (InterruptedException e) {
            return Outcome.RELEASED;
        } catch (DsgException e) {
            return leaving.getAsBoolean() ? abandoned(e) : failed(incoming, e);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
            return leaving.getAsBoolean()
                    ? abandoned(e)
                    : failed(incoming, new DsgException(ErrorCode.INTERNAL, e.toString(), e));
        }
    }

    /**
     * What fails while its worker leaves may fail because of that: a process that ends takes classes, native libraries
     * and connections away from under a task. Somebody else finds out what the task is worth.
     */
    private static Outcome abandoned(Throwable failure) {
        LOG.info("task released by a worker that leaves; it failed with {}", failure.toString());
        return Outcome.RELEASED;
    }

    private Outcome failed(ConsumerRecord<String, byte[]> incoming, DsgException cause) {
        MDC.put("errorCode", cause.code().name());
        Span.current().setStatus(StatusCode.ERROR, cause.toString());
        return switch (cause.code().disposition()) {
            case DROP -> {
                LOG.info("task dropped: {}", cause.getMessage());
                yield Outcome.DROPPED;
            }
            case DEAD_LETTER -> rejected(incoming, cause);
            case RELEASE -> {
                if (Deliveries.of(incoming) >= deliveryLimit) {
                    yield rejected(incoming, exhausted("the last failed with " + cause, cause));
                }
                logged(LOG.atWarn(), cause).log("task released");
                yield Outcome.RELEASED;
            }
        };
    }

    private Outcome rejected(ConsumerRecord<String, byte[]> incoming, DsgException cause) {
        try {
            tellHandler(incoming, cause);
            deadLetters.write(incoming, cause);
            logged(LOG.atError(), cause).log("task dead-lettered");
            return Outcome.REJECTED;
        } catch (RuntimeException e) {
            LOG.error("task cannot be dead-lettered yet", e);
            return Outcome.RELEASED;
        }
    }

    private void tellHandler(ConsumerRecord<String, byte[]> incoming, DsgException cause) {
        try {
            JobId.ofRecordKey(incoming.key()).ifPresent(job -> handler.rejected(job, cause));
        } catch (RuntimeException e) {
            if (Deliveries.of(incoming) < deliveryLimit + REJECTION_TRIES) {
                throw e;
            }
            LOG.error("job cannot be told of its dead letter", e);
        }
    }

    private DsgException exhausted(String detail, Throwable cause) {
        return new DsgException(
                ErrorCode.DELIVERIES_EXHAUSTED, "given up after " + deliveryLimit + " deliveries; " + detail, cause);
    }

    /** With its stack only where that tells more than the message. */
    private static LoggingEventBuilder logged(LoggingEventBuilder event, DsgException cause) {
        return cause.getCause() == null ? event.addKeyValue("cause", cause) : event.setCause(cause);
    }

    /** Holds the record back, locked, so that no other worker fails over it at once; a worker that leaves does not wait. */
    private void pause(ConsumerRecord<String, byte[]> incoming, BooleanSupplier leaving) {
        var until = System.nanoTime()
                + backoff.after(Deliveries.of(incoming), random).toNanos();
        try {
            while (!leaving.getAsBoolean() && System.nanoTime() - until < 0) {
                Thread.sleep(Math.min(TICK_MILLIS, Math.max(1, (until - System.nanoTime()) / 1_000_000)));
            }
        } catch (InterruptedException e) {
            // Cancelled meanwhile: released now.
        }
    }

    private static AcknowledgeType acknowledgement(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED, DROPPED -> AcknowledgeType.ACCEPT;
            case RELEASED -> AcknowledgeType.RELEASE;
            case REJECTED -> AcknowledgeType.REJECT;
        };
    }

    private Span span(ConsumerRecord<String, byte[]> incoming) {
        var span = GlobalOpenTelemetry.getTracer("dev.dsg.platform")
                .spanBuilder("process " + incoming.topic())
                .setParent(Trace.continued(incoming))
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", incoming.topic())
                .setAttribute("dsg.attempt", Deliveries.of(incoming))
                .startSpan();
        JobId.ofRecordKey(incoming.key()).ifPresent(job -> span.setAttribute("dsg.job.id", job.value()));
        return span;
    }

    private static void describe(ConsumerRecord<String, byte[]> incoming) {
        JobId.ofRecordKey(incoming.key()).ifPresent(job -> MDC.put("jobId", job.value()));
        CloudEvents.header(incoming.headers(), CloudEvents.ID).ifPresent(id -> MDC.put("task", id));
        MDC.put("attempt", Integer.toString(Deliveries.of(incoming)));
    }
}
