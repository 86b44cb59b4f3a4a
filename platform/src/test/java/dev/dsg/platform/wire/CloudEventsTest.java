package dev.dsg.platform.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.message.SynthesisTask;
import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

final class CloudEventsTest {

    private static final SynthesisTask TASK = new SynthesisTask(JobId.parse("j1"), 3);
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void shouldPutTheEventIntoHeaders() {
        // When
        var outgoing = CloudEvents.record(TASK, "/dsg/test", Instant.EPOCH);

        // Then
        assertThat(outgoing.topic()).isEqualTo("dsg.synthesis-tasks");
        assertThat(outgoing.key()).isEqualTo("j1/00003");
        assertThat(new String(outgoing.value(), UTF_8)).isEqualTo("{\"jobId\":\"j1\",\"batchIndex\":3}");
        assertThat(CloudEvents.header(outgoing.headers(), "ce_specversion")).contains("1.0");
        assertThat(CloudEvents.header(outgoing.headers(), "ce_id")).contains("j1/synthesis/00003");
        assertThat(CloudEvents.header(outgoing.headers(), "ce_type")).contains("dev.dsg.synthesis.task.v1");
        assertThat(CloudEvents.header(outgoing.headers(), "ce_source")).contains("/dsg/test");
        assertThat(CloudEvents.header(outgoing.headers(), "ce_time")).contains("1970-01-01T00:00:00Z");
        assertThat(CloudEvents.header(outgoing.headers(), "content-type")).contains("application/json");
        assertThat(CloudEvents.parse(outgoing.headers(), outgoing.value())).isEqualTo(TASK);
    }

    @Test
    void shouldRefuseTypesThatNobodyKnows() {
        var headers = new RecordHeaders();
        assertThatThrownBy(() -> CloudEvents.parse(headers, new byte[0]))
                .isInstanceOfSatisfying(
                        DsgException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MESSAGE))
                .hasMessageContaining("ce_type is missing, expected one of dev.dsg.job.submitted.v1");
        headers.add("ce_type", "com.example.other".getBytes(UTF_8));
        assertThatThrownBy(() -> CloudEvents.parse(headers, new byte[0])).hasMessageContaining("com.example.other");
    }

    @Test
    void shouldCarryTheTraceFromMessageToMessage() {
        // Given the context of a message that came in
        try (var _ = Trace.continued(TRACEPARENT, null).makeCurrent()) {
            // When
            var outgoing = CloudEvents.record(TASK, "/dsg/test", Instant.EPOCH);

            // Then
            assertThat(CloudEvents.header(outgoing.headers(), "traceparent")).contains(TRACEPARENT);
        }
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void shouldBeginATraceWhereThereIsNone() {
        var form = "00-[0-9a-f]{32}-[0-9a-f]{16}-01";
        assertThat(Trace.traceparent(null)).matches(form).isNotEqualTo(Trace.traceparent(null));
        for (var wrong : new String[] {null, "", "garbage", "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01"}) {
            try (var _ = Trace.continued(wrong, null).makeCurrent()) {
                assertThat(Trace.traceparent(null)).as(wrong).matches(form).isEqualTo(Trace.traceparent("other"));
            }
        }
    }

    @Test
    void shouldFindWhatNobodyTracedInTheTraceOfItsJob() {
        // Given
        var ofJob = Trace.traceparent("j1");

        // Then whatever is said of the job is there, and nothing of another
        assertThat(Trace.traceparent("j1/00003")).isEqualTo(ofJob);
        assertThat(Trace.traceparent("j2")).isNotEqualTo(ofJob);
        try (var _ = Trace.continued(null, "j1/00007").makeCurrent()) {
            assertThat(Trace.traceparent("j1")).isEqualTo(ofJob);
        }
        assertThat(CloudEvents.header(
                        CloudEvents.record(TASK, "/dsg", Instant.EPOCH).headers(), "traceparent"))
                .contains(ofJob);
    }
}
