package dev.dsg.gateway.accuracy;

import dev.dsg.contracts.message.Message;
import dev.dsg.contracts.message.ReportReady;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Exports what the latest report of each kind of job says. The series of the kinds that were reported longest ago are
 * dropped when there are too many, for the names of networks are the users' own.
 *
 * <p>For use by one thread.
 */
@Singleton
public final class Accuracies {

    private final ObjectStore store;
    private final MeterRegistry meters;
    private final int kept;
    private final Map<Tags, List<Meter>> series = new LinkedHashMap<>();

    @Inject
    Accuracies(
            ObjectStore store, MeterRegistry meters, @ConfigProperty(name = "dsg.gateway.accuracies-kept") int kept) {
        this.store = store;
        this.meters = meters;
        this.kept = kept;
    }

    /** Hears of a report. */
    public void hear(Message message) {
        if (message instanceof ReportReady ready) {
            show(Json.parse(store.getBytes(ready.report()), JobReport.class));
        }
    }

    private void show(JobReport report) {
        var kind = kind(report);
        remove(kind);
        if (series.size() >= kept) {
            remove(series.keySet().iterator().next());
        }
        double before = report.accuracy().fp32().top1();
        double after = report.accuracy().quantized().top1();
        var shown = new ArrayList<Meter>();
        shown.add(gauge("dsg.top1.ratio", "Top-1 of the quantized network in the latest report", kind, after));
        shown.add(gauge("dsg.top1.fp32.ratio", "Top-1 of the network as it came", kind, before));
        shown.add(gauge("dsg.top1.drop.ratio", "What was lost of it", kind, before - after));
        series.put(kind, shown);
    }

    private Meter gauge(String name, String description, Tags kind, double value) {
        return Gauge.builder(name, () -> value)
                .description(description)
                .tags(kind)
                .strongReference(true)
                .register(meters);
    }

    private void remove(Tags kind) {
        var old = series.remove(kind);
        if (old != null) {
            old.forEach(meters::remove);
        }
    }

    private static Tags kind(JobReport report) {
        return Tags.of(
                "network", report.model(),
                "dataset", report.dataset(),
                "method", report.synthesis().method().wireName(),
                "scheme", report.quantization().scheme().wireName(),
                "rounding", report.quantization().rounding().wireName(),
                "weight_bits",
                        Integer.toString(report.quantization().weightBits().bits()),
                "activation_bits",
                        Integer.toString(report.quantization().activationBits().bits()));
    }
}
