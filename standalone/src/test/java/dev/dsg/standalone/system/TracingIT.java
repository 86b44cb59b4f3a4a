package dev.dsg.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dsg.contracts.Topics;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.JobSubmitted;
import dev.dsg.platform.wire.CloudEvents;
import dev.dsg.platform.wire.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the submitted record to the report, whether or not anybody takes it. */
@ExtendWith(TestSystem.Resolver.class)
@Timeout(600)
final class TracingIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Set<String> LOGS = Set.of("generator.log", "quantizer.log", "evaluator.log");
    private static final String RUN =
            "run --model untrained --dataset noise --test-batch-size 50 --images 32 --batch-size 32"
                    + " --iterations 2";

    private static final Pattern COMPLAINT = Pattern.compile(" (WARN|ERROR) .*(?i:otel|opentelemetry|otlp|exporter)");

    private final TestSystem world;

    TracingIT(TestSystem world) {
        this.world = world;
    }

    @Test
    void shouldTellOneTraceFromTheSubmissionToTheReport(@TempDir Path folder) throws Exception {
        try (var sink = new TraceSink()) {
            // Given services that know where to send traces: those that a command finds dead and starts again
            List.of("generator", "quantizer", "evaluator").forEach(world::kill);
            var dsg = new CommandLine(
                    world,
                    folder,
                    Map.of(
                            "OTEL_EXPORTER_OTLP_ENDPOINT",
                            sink.endpoint(),
                            "QUARKUS_OTEL_BSP_SCHEDULE_DELAY",
                            "PT0.2S"));
            assertThat(dsg.finish(RUN)).as(dsg.output()).isZero();

            // When somebody who traces submits a job
            var job = submit("traced");

            // Then
            world.completed(job);
            await().atMost(TestSystem.PATIENCE).until(() -> sink.spans().stream()
                    .anyMatch(span ->
                            span.traceId().equals(TRACE) && span.name().equals("process dsg.evaluation-tasks")));
            var spans = sink.spans().stream()
                    .filter(span -> span.traceId().equals(TRACE))
                    .toList();
            assertThat(spans)
                    .extracting(span -> span.service() + ": " + span.name())
                    .contains(
                            "generator-service: process dsg.jobs",
                            "generator-service: dsg.synthesis-tasks publish",
                            "generator-service: process dsg.synthesis-tasks",
                            "generator-service: dsg.batches publish",
                            "quantizer-service: dsg.batches receive",
                            "quantizer-service: dsg.quantization-tasks publish",
                            "quantizer-service: process dsg.quantization-tasks",
                            "quantizer-service: dsg.evaluation-tasks publish",
                            "evaluator-service: process dsg.evaluation-tasks",
                            "evaluator-service: dsg.reports publish");
            assertConnected(spans);
            assertThat(traces(job)).containsOnly(TRACE);
        } finally {
            world.restart(1);
        }
    }

    @Test
    void shouldPassTheTraceOnAndComplainOfNothingWhenNobodyTakesIt() throws Exception {
        // Given services as they are by default
        var job = submit("untraced");

        // When
        world.completed(job);

        // Then
        assertThat(traces(job)).containsOnly(TRACE);
        assertThat(logs())
                .isNotEmpty()
                .noneMatch(line -> COMPLAINT.matcher(line).find());
    }

    /** Every span hangs below another, or below what the submitter did. */
    private static void assertConnected(List<TraceSink.Told> spans) {
        var ids = spans.stream().map(TraceSink.Told::spanId).collect(Collectors.toSet());
        assertThat(spans).allSatisfy(span -> assertThat(
                        ids.contains(span.parentId()) || span.parentId().equals(SPAN))
                .as("%s hangs somewhere", span)
                .isTrue());
    }

    private JobId submit(String id) {
        var spec = world.job(id, TestSystem.MODEL, TestSystem.DATASET, 2);
        try (var _ = Trace.continued("00-" + TRACE + "-" + SPAN + "-01", null).makeCurrent()) {
            world.connection().publisher().publish(new JobSubmitted(spec));
        }
        return spec.jobId();
    }

    /** The traces of all records about a job, whatever they say. */
    private Set<String> traces(JobId job) {
        world.completed(job);
        Predicate<String> wanted =
                key -> JobId.ofRecordKey(key).filter(job::equals).isPresent();
        return Topics.ALL.stream()
                .flatMap(topic -> world.records(topic).stream())
                .filter(record -> wanted.test(record.key()))
                .map(record ->
                        CloudEvents.header(record.headers(), Trace.HEADER).orElse("none"))
                .map(traceparent -> traceparent.split("-")[1])
                .collect(Collectors.toSet());
    }

    private List<String> logs() throws IOException {
        try (var files = Files.list(world.home().logs())) {
            return files.filter(file -> LOGS.contains(file.getFileName().toString()))
                    .flatMap(file -> new Log(file).lines().stream())
                    .toList();
        }
    }
}
