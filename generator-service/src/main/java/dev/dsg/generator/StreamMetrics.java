package dev.dsg.generator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How streams of batches are going. */
@Singleton
final class StreamMetrics {

    private final Counter steps;
    private final Timer waiting;
    private final AtomicInteger lead = new AtomicInteger();

    StreamMetrics(MeterRegistry meters) {
        steps = Counter.builder("dsg.stream.steps")
                .description("Training steps of generator networks")
                .register(meters);
        waiting = Timer.builder("dsg.stream.waiting")
                .description("Waits for students that are behind")
                .register(meters);
        Gauge.builder("dsg.stream.lead", lead, AtomicInteger::get)
                .description("Batches that the stream is ahead of its student's last checkpoint")
                .register(meters);
    }

    void step() {
        steps.increment();
    }

    void lead(int batches) {
        lead.set(batches);
    }

    void waited(long nanos) {
        waiting.record(Duration.ofNanos(nanos));
    }
}
