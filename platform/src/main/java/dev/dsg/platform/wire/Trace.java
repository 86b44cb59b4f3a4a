package dev.dsg.platform.wire;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * W3C trace context in a {@code traceparent} header. It travels in OpenTelemetry's {@link Context}, which needs no SDK: with
 * OpenTelemetry off, the ids still pass from the message that came in to those that go out.
 */
public final class Trace {

    /** Name of the header. */
    public static final String HEADER = "traceparent";

    private static final Pattern FORM = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private Trace() {}

    /**
     * The context that a header asks for; one with fresh ids when it is missing or wrong.
     *
     * @param traceparent text of the header, or {@code null}
     */
    public static Context continued(String traceparent) {
        var match = FORM.matcher(traceparent == null ? "" : traceparent);
        if (match.matches()) {
            var parent = SpanContext.createFromRemoteParent(
                    match.group(1), match.group(2), TraceFlags.fromHex(match.group(3), 0), TraceState.getDefault());
            if (parent.isValid()) {
                return Context.root().with(Span.wrap(parent));
            }
        }
        return fresh();
    }

    /** A context with fresh ids, for what nothing came before. */
    public static Context fresh() {
        var random = ThreadLocalRandom.current();
        var hex = HexFormat.of();
        var traceId = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1);
        var spanId = hex.toHexDigits(random.nextLong() | 1);
        var context = SpanContext.create(traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
        return Context.root().with(Span.wrap(context));
    }

    /** The header for a message that goes out now: that of the current context, or fresh ids when there is none. */
    public static String traceparent() {
        var current = Span.current().getSpanContext();
        var context = current.isValid() ? current : Span.fromContext(fresh()).getSpanContext();
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }
}
