package dev.dsg.platform.queue;

import dev.dsg.platform.retry.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer and the record it has taken. All calls to the consumer are made on the slot's thread; the task runs on
 * another, so that the lock can be renewed meanwhile.
 *
 * <p>When the broker does not confirm a renewal or an acknowledgement, the lock counts as lost: the task is cancelled and
 * the slot begins again with a fresh consumer. The record is then delivered again, here or elsewhere.
 */
final class ShareSlot implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ShareSlot.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration DEFAULT_LOCK = TopicAdmin.LOCK;
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final Queue<?> queue;
    private final TaskRunner<?> runner;
    private final Supplier<ShareConsumer<String, byte[]>> consumers;
    private final Duration grace;
    private final RandomGenerator random;

    private volatile long stopAt;
    private volatile boolean draining;
    private int failures;

    ShareSlot(
            Queue<?> queue,
            TaskRunner<?> runner,
            Supplier<ShareConsumer<String, byte[]>> consumers,
            Duration grace,
            RandomGenerator random) {
        this.queue = queue;
        this.runner = runner;
        this.consumers = consumers;
        this.grace = grace;
        this.random = random;
    }

    /** Takes no further record; the task at hand may finish within the grace time. */
    void drain() {
        if (!draining) {
            stopAt = System.nanoTime() + grace.toNanos();
            draining = true;
        }
    }

    @Override
    public void run() {
        while (!draining) {
            try {
                connected();
            } catch (LockLostException | KafkaException | IllegalStateException e) {
                LOG.warn("queue {} lost, connecting again: {}", queue.topic(), e.toString());
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void connected() throws InterruptedException {
        var consumer = consumers.get();
        try {
            consumer.subscribe(List.of(queue.topic()));
            consume(consumer);
        } finally {
            consumer.close(CLOSE);
        }
    }

    private void consume(ShareConsumer<String, byte[]> consumer) throws InterruptedException {
        while (!draining) {
            for (var taken : consumer.poll(POLL)) {
                failures = 0;
                if (draining) {
                    consumer.acknowledge(taken, AcknowledgeType.RELEASE);
                    commit(consumer);
                } else {
                    work(consumer, taken);
                }
            }
        }
    }

    private void work(ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> taken)
            throws InterruptedException {
        var run = TaskRun.start(
                Thread.currentThread().getName() + "-task", cancelled -> runner.run(taken, () -> draining, cancelled));
        try {
            var locked = renewUntilEnded(consumer, taken, run);
            consumer.acknowledge(locked, run.acknowledgement());
            commit(consumer);
        } catch (RuntimeException | InterruptedException e) {
            run.cancel();
            awaitEnd(run);
            throw e;
        }
    }

    /** Renews the lock every third of its time; returns the record as the consumer gave it last. */
    private ConsumerRecord<String, byte[]> renewUntilEnded(
            ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> taken, TaskRun run)
            throws InterruptedException {
        var interval = lock(consumer).dividedBy(3).toNanos();
        var locked = taken;
        var renewAt = System.nanoTime() + interval;
        while (!run.endedWithin(TICK)) {
            var now = System.nanoTime();
            if (draining && now - stopAt > 0) {
                run.cancel();
                if (now - stopAt > AFTER_INTERRUPT.toNanos()) {
                    return locked;
                }
            }
            if (now - renewAt > 0) {
                locked = renewed(consumer, locked);
                renewAt = now + interval;
            }
        }
        return locked;
    }

    /**
     * The only order that works: acknowledge, commit and see it confirmed, poll the same record again. A renewal that
     * rides on the poll is reported as done and is not.
     */
    private ConsumerRecord<String, byte[]> renewed(
            ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> locked) {
        consumer.acknowledge(locked, AcknowledgeType.RENEW);
        commit(consumer);
        ConsumerRecord<String, byte[]> same = null;
        for (var polled : consumer.poll(POLL)) {
            if (polled.offset() == locked.offset() && polled.partition() == locked.partition()) {
                same = polled;
            } else {
                consumer.acknowledge(polled, AcknowledgeType.RELEASE);
            }
        }
        if (same == null) {
            throw new LockLostException("a renewed record did not come back");
        }
        return same;
    }

    private void commit(ShareConsumer<String, byte[]> consumer) {
        for (var confirmed : consumer.commitSync(lock(consumer).dividedBy(3)).values()) {
            confirmed.ifPresent(refusal -> {
                throw new LockLostException(refusal.toString());
            });
        }
    }

    private static Duration lock(ShareConsumer<String, byte[]> consumer) {
        return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(DEFAULT_LOCK);
    }

    /** Two tasks never share a slot: what is cancelled has to end before another begins. */
    private void awaitEnd(TaskRun run) throws InterruptedException {
        while (!run.endedWithin(TICK)) {
            if (draining && System.nanoTime() - stopAt > AFTER_INTERRUPT.toNanos()) {
                return;
            }
        }
    }

    private void pause() {
        try {
            var until = System.nanoTime() + RECONNECT.after(++failures, random).toNanos();
            while (!draining && System.nanoTime() - until < 0) {
                Thread.sleep(TICK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            draining = true;
        }
    }

    /** The broker does not confirm that a record is ours. */
    private static final class LockLostException extends RuntimeException {
        LockLostException(String message) {
            super(message);
        }
    }
}
