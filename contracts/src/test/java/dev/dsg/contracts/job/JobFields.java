package dev.dsg.contracts.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.Wire;
import java.util.HashMap;
import java.util.Map;

/** Requests that say a few fields, by their dotted paths. */
final class JobFields {
    private JobFields() {}

    static JobRequest of(Bound bound, Number value) {
        Map<String, Object> said = new HashMap<>();
        if (bound.field().startsWith("training.")) {
            said.put("quantization.scheme", "qat");
        }
        if (bound == Bound.WARMUP_EPOCHS) {
            said.putAll(Map.of(
                    "training.source",
                    "generator",
                    "training.epochs",
                    Bound.EPOCHS.max(),
                    "training.iterationsPerEpoch",
                    1));
        }
        if (bound == Bound.DISTILLATION) {
            said.put(Bound.CROSS_ENTROPY.field(), 1);
        }
        said.put(bound.field(), value);
        return of(said);
    }

    static JobRequest of(String field, Object value) {
        return of(Map.of(field, value));
    }

    static JobRequest of(Map<String, Object> said) {
        ObjectNode job = Wire.JSON.createObjectNode().put("jobId", "j1").put("model", "resnet20-cifar10");
        said.forEach((path, value) -> {
            int dot = path.indexOf('.');
            ObjectNode part = dot < 0 ? job : job.withObject("/" + path.substring(0, dot));
            part.putPOJO(path.substring(dot + 1), value);
        });
        return Wire.read(Wire.write(job), JobRequest.class);
    }

    /** The least number that a bound accepts. */
    static Number first(Bound bound) {
        return bound.minExcluded() ? Math.nextUp((double) bound.min()) : (Number) bound.min();
    }

    static Number below(Bound bound) {
        if (bound.integral()) {
            return bound.min() - 1;
        }
        return bound.minExcluded() ? (double) bound.min() : Math.nextDown((double) bound.min());
    }

    static Number above(Bound bound) {
        if (bound.integral()) {
            return bound.max() + 1;
        }
        return bound.maxExcluded() ? (double) bound.max() : Math.nextUp((double) bound.max());
    }

    /** The largest number that a bound accepts. */
    static Number last(Bound bound) {
        return bound.maxExcluded() ? Math.nextDown((double) bound.max()) : (Number) bound.max();
    }
}
