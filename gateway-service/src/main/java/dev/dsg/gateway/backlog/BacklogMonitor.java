package dev.dsg.gateway.backlog;

import dev.dsg.contracts.Topics;
import dev.dsg.platform.wire.KafkaAccess;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the queues ever so often and exports what it saw.
 *
 * <p>There is no gauge before the first look succeeded: an autoscaler must not take "not known yet" for "nothing to do".
 * While looks fail, the gauges keep their values and the time of the last look tells.
 */
@Singleton
public final class BacklogMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogMonitor.class);
    private static final double MILLIS = 1000;

    private final MeterRegistry meters;
    private final Duration interval;
    private final InstantSource clock = InstantSource.system();
    private final BacklogProbe probe;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("backlog").daemon().factory());

    /** What was seen and when; {@code null} before the first look. */
    private volatile Look last;

    private record Look(Instant at, Map<String, Backlog> backlogs) {}

    @Inject
    BacklogMonitor(
            MeterRegistry meters,
            KafkaAccess brokers,
            @ConfigProperty(name = "dsg.gateway.backlog-interval") Duration interval) {
        this.meters = meters;
        this.interval = interval;
        this.probe = new BacklogProbe(brokers);
    }

    /** Begins to look. */
    public void start() {
        executor.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks no more. */
    public void stop() {
        executor.execute(probe::close);
        executor.shutdown();
    }

    private void look() {
        try {
            var first = last == null;
            last = new Look(clock.instant(), probe.read());
            if (first) {
                register();
            }
        } catch (RuntimeException e) {
            LOG.warn("queues not looked at this time: {}", e.toString());
        }
    }

    private void register() {
        for (var queue : Topics.QUEUES.values()) {
            Gauge.builder("dsg.queue.depth", () -> backlog(queue).depth())
                    .description("Messages that are not done: not delivered yet, or in the hands of a worker")
                    .tag("queue", queue)
                    .register(meters);
            TimeGauge.builder(
                            "dsg.queue.age",
                            () -> backlog(queue).age(clock.instant()).toMillis(),
                            TimeUnit.MILLISECONDS)
                    .description("How long ago the oldest message was sent that is not done; 0 where there is none")
                    .tag("queue", queue)
                    .register(meters);
        }
        Gauge.builder("dsg.queue.observed.timestamp", () -> last.at().toEpochMilli() / MILLIS)
                .description("When the queues were looked at last, in Unix time")
                .baseUnit("seconds")
                .register(meters);
    }

    private Backlog backlog(String queue) {
        return last.backlogs().getOrDefault(queue, Backlog.NONE);
    }
}
