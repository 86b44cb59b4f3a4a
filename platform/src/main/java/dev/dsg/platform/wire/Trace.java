package dev.dsg.platform.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.Sha256;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * W3C trace context in a {@code traceparent} header. It travels in OpenTelemetry's {@link Context}, which needs no SDK: with
 * OpenTelemetry off, the ids still pass from the message that came in to those that go out.
 *
 * <p>What nobody traced belongs to the trace of its job, whose ids follow from the job's: so also what is said without any
 * message before it, by a sweep or a command, is found in one place.
 */
public final class Trace {

    /** Name of the header. */
    public static final String HEADER = "traceparent";

    private static final Pattern FORM = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;

    private Trace() {}

    /** The context that a record asks for: by its header, or else by the job that its key names. */
    public static Context continued(ConsumerRecord<String, ?> incoming) {
        return continued(CloudEvents.header(incoming.headers(), HEADER).orElse(null), incoming.key());
    }

    /** The context of a record whose reader may trace already, as SmallRye's does while tracing is on. */
    public static Context joined(ConsumerRecord<String, ?> incoming) {
        return Span.current().getSpanContext().isValid() ? Context.current() : continued(incoming);
    }

    /**
     * The context that a header asks for; that of a job when it is missing or wrong.
     *
     * @param traceparent text of the header, or {@code null}
     * @param recordKey of the record that had it, or {@code null}
     */
    public static Context continued(String traceparent, String recordKey) {
        var match = FORM.matcher(traceparent == null ? "" : traceparent);
        if (match.matches()) {
            var parent = SpanContext.createFromRemoteParent(
                    match.group(1), match.group(2), TraceFlags.fromHex(match.group(3), 0), TraceState.getDefault());
            if (parent.isValid()) {
                return Context.root().with(Span.wrap(parent));
            }
        }
        return JobId.ofRecordKey(recordKey).map(Trace::ofJob).orElseGet(Trace::fresh);
    }

    /** The header for a message that goes out now: that of the current context, or of the job that its key names. */
    public static String traceparent(String recordKey) {
        var current = Span.current().getSpanContext();
        var context = current.isValid()
                ? current
                : Span.fromContext(continued(null, recordKey)).getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    /** The trace of a job, the same wherever it is asked for. */
    private static Context ofJob(JobId job) {
        var digest = Sha256.digest(("trace of job " + job).getBytes(UTF_8)).hex();
        return context(digest.substring(0, TRACE_DIGITS), digest.substring(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS));
    }

    private static Context fresh() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        var traceId = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
        return context(traceId, hex.toHexDigits(random.nextLong() | 1));
    }

    private static Context context(String traceId, String spanId) {
        var ids = SpanContext.createFromRemoteParent(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
        return Context.root().with(Span.wrap(ids));
    }
}
