package dev.dsg.quantizer;

import dev.dsg.engine.qat.StepReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** How trainings are going. */
@Singleton
final class TrainingMetrics {

    private final Counter steps;
    private final Timer waiting;
    private final AtomicInteger window = new AtomicInteger();
    private volatile double loss = Double.NaN;
    private volatile double agreement = Double.NaN;

    TrainingMetrics(MeterRegistry meters) {
        steps = Counter.builder("dsg.training.steps")
                .description("Training steps of students")
                .register(meters);
        waiting = Timer.builder("dsg.training.waiting")
                .description("Waits of students for batches that are not there yet")
                .register(meters);
        Gauge.builder("dsg.training.window", window, AtomicInteger::get)
                .description("Stored batches that a student holds in memory")
                .register(meters);
        Gauge.builder("dsg.training.loss", this, self -> self.loss)
                .description("What the last step lowered")
                .register(meters);
        Gauge.builder("dsg.training.agreement", this, self -> self.agreement)
                .description("Share of the last step's images on which student and teacher agreed")
                .register(meters);
    }

    void step(StepReport report, int held) {
        steps.increment();
        window.set(held);
        loss = report.loss();
        agreement = report.agreement();
    }

    void waited(long nanos) {
        waiting.record(Duration.ofNanos(nanos));
    }
}
