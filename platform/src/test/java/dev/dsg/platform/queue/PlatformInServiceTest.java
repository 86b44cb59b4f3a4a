package dev.dsg.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.message.BatchReady;
import dev.dsg.contracts.message.EvaluationTask;
import dev.dsg.contracts.message.JobEvent;
import dev.dsg.contracts.message.SynthesisTask;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.EventPublisher;
import dev.dsg.platform.wire.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The platform as a service sees it: injected, configured, over SmallRye's channel. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
final class PlatformInServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    EventPublisher publisher;

    @Inject
    JobRepository jobs;

    @Inject
    ShareWorkers workers;

    @Inject
    MeterRegistry meters;

    @Inject
    SmallRyeHealthReporter health;

    @Test
    void shouldSendEachMessageToItsTopicInTheCurrentTrace() {
        // Given
        var job = JobId.parse("sent");
        var batch = ObjectRef.of(ObjectKey.parse("jobs/sent/batches/00000.safetensors"), new byte[1]);

        // When
        try (var _ = Trace.continued("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null)
                .makeCurrent()) {
            publisher.publish(List.of(new BatchReady(job, 0, batch), new SynthesisTask(job, 0)));
        }

        // Then
        var ready = Servers.broker()
                .readAll(Topics.BATCHES, incoming -> incoming.key().equals("sent"))
                .getFirst();
        assertThat(CloudEvents.parse(ready.headers(), ready.value())).isEqualTo(new BatchReady(job, 0, batch));
        assertThat(CloudEvents.header(ready.headers(), "ce_source")).contains("/dsg/dsg-platform");
        assertThat(ready.headers().headers("traceparent")).hasSize(1);
        assertThat(CloudEvents.header(ready.headers(), "traceparent").orElse(""))
                .contains("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(Servers.broker().readAll(Topics.SYNTHESIS_TASKS, incoming -> incoming.key()
                        .startsWith("sent")))
                .hasSize(1);
    }

    @Test
    void shouldSendVeryManyMessagesInOrder() {
        // Given more than any buffer on the way holds
        var job = JobId.parse("many");
        var batch = ObjectRef.of(ObjectKey.parse("x"), new byte[1]);
        var messages = IntStream.range(0, 3000)
                .mapToObj(i -> new BatchReady(job, i, batch))
                .toList();

        // When
        publisher.publish(messages);

        // Then
        assertThat(Servers.broker()
                        .readAll(Topics.BATCHES, incoming -> incoming.key().equals("many")))
                .extracting(incoming -> CloudEvents.parse(incoming.headers(), incoming.value()))
                .isEqualTo(messages);
    }

    @Test
    void shouldGoOnSendingAfterARestartOfTheBroker() throws Exception {
        // Given
        var job = JobId.parse("again");
        publisher.publish(new SynthesisTask(job, 0));

        // When
        Servers.broker().restart(Duration.ofSeconds(1));
        publisher.publish(new SynthesisTask(job, 1));

        // Then
        assertThat(Servers.broker().readAll(Topics.SYNTHESIS_TASKS, incoming -> incoming.key()
                        .startsWith("again")))
                .hasSize(2);
    }

    @Test
    void shouldRunAHandlerThatChangesAJob() {
        // Given
        var spec =
                JobRequest.of("resnet20-cifar10").withJobId(JobId.parse("run")).resolve();
        jobs.submit(spec);
        var seen = new CopyOnWriteArrayList<JobId>();

        // When
        workers.start(Queue.EVALUATION, task -> {
            jobs.cancel(task.message().jobId(), "seen");
            seen.add(task.message().jobId());
        });
        publisher.publish(new EvaluationTask(spec.jobId(), ObjectRef.of(ObjectKey.parse("x"), new byte[1])));

        // Then
        await().atMost(PATIENCE).until(() -> seen.contains(spec.jobId()));
        assertThat(Servers.broker()
                        .readAll(Topics.JOB_EVENTS, incoming -> incoming.key().equals("run")))
                .extracting(incoming -> CloudEvents.parse(incoming.headers(), incoming.value()))
                .extracting(event -> ((JobEvent) event).eventId())
                .containsExactly("run/state/1", "run/state/2");
        await().atMost(PATIENCE)
                .until(() -> meters.get("dsg.tasks")
                                .tag("outcome", "succeeded")
                                .timer()
                                .count()
                        == 1);
        assertThat(workers.alive()).isTrue();
    }

    @Test
    void shouldBeReadyAndAliveWithBrokerAndStore() {
        assertThat(health.getReadiness().getPayload().toString())
                .contains("object store")
                .contains("broker");
        assertThat(health.getReadiness().isDown()).isFalse();
        assertThat(health.getLiveness().getPayload().toString()).contains("workers");
        assertThat(health.getLiveness().isDown()).isFalse();
    }
}
