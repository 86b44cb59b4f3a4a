package dev.dsg.platform.queue;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the tasks of one queue: begun, ended by outcome with a histogram of durations, and in flight. */
final class TaskMetrics {

    /** How a run ended. */
    enum Outcome {
        SUCCEEDED,
        RELEASED,
        REJECTED,
        DROPPED
    }

    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter started;
    private final Map<Outcome, Timer> ended = new EnumMap<>(Outcome.class);

    TaskMetrics(MeterRegistry registry, String queue) {
        started = Counter.builder("dsg.tasks.started").tag("queue", queue).register(registry);
        Gauge.builder("dsg.tasks.in.flight", inFlight, AtomicInteger::get)
                .tag("queue", queue)
                .register(registry);
        for (var outcome : Outcome.values()) {
            ended.put(
                    outcome,
                    Timer.builder("dsg.tasks")
                            .description("Tasks ended, and how long they took")
                            .tag("queue", queue)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .publishPercentileHistogram()
                            .minimumExpectedValue(Duration.ofMillis(10))
                            .maximumExpectedValue(Duration.ofHours(1))
                            .register(registry));
        }
    }

    void begin() {
        started.increment();
        inFlight.incrementAndGet();
    }

    void end(Outcome outcome, long nanos) {
        inFlight.decrementAndGet();
        ended.get(outcome).record(Duration.ofNanos(nanos));
    }
}
