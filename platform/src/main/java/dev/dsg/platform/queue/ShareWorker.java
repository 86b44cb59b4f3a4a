package dev.dsg.platform.queue;

import dev.dsg.contracts.message.Message;
import dev.dsg.platform.wire.EventPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a queue in a number of slots, each with one record at a time.
 *
 * <p>What is promised: a record is acknowledged only after its handler returned or its dead letter is on the broker. A
 * record whose worker dies comes to another within a second, or after its lock ran out if the whole host is gone. Broker
 * restarts are survived; tasks that ran then are cancelled and come again.
 */
public final class ShareWorker implements AutoCloseable {

    private static final RandomGenerator RANDOM =
            () -> ThreadLocalRandom.current().nextLong();

    private final List<ShareSlot> slots = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private ShareWorker() {}

    /** Begins to take messages. */
    public static <M extends Message> ShareWorker start(
            Queue<M> queue,
            TaskHandler<M> handler,
            WorkerSettings settings,
            EventPublisher publisher,
            MeterRegistry meters) {
        var runner = new TaskRunner<>(
                queue,
                handler,
                new DeadLetters(publisher, InstantSource.system()),
                new TaskMetrics(meters, queue.group()),
                settings.deliveryLimit(),
                settings.backoff(),
                RANDOM);
        var worker = new ShareWorker();
        for (int i = 0; i < settings.slots(); i++) {
            worker.add(
                    queue.group() + "-" + i,
                    new ShareSlot(queue, runner, () -> consumer(queue, settings), settings.grace(), RANDOM));
        }
        worker.threads.forEach(Thread::start);
        return worker;
    }

    /** Takes no further messages; those at hand may finish. Returns at once. */
    public void drain() {
        slots.forEach(ShareSlot::drain);
    }

    /** Whether every slot is at work or ready for it. */
    public boolean alive() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /**
     * Drains and waits: for the grace time and the moment that an interrupted handler takes to stop. What has not finished by
     * then is released to other workers.
     */
    @Override
    public void close() {
        drain();
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(String name, ShareSlot slot) {
        slots.add(slot);
        threads.add(Thread.ofPlatform().name(name).daemon().unstarted(slot));
    }

    private static ShareConsumer<String, byte[]> consumer(Queue<?> queue, WorkerSettings settings) {
        var config = settings.kafka()
                .with(Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        queue.group(),
                        ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                        "explicit",
                        // Or else a worker would take a whole batch of records and sit on them.
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                        "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1));
        return new KafkaShareConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
