package dev.dsg.contracts.job;

import java.util.Map;

/** Requests that say a few fields, by their dotted paths. */
final class JobFields {
    private JobFields() {}

    static JobRequest of(Bound bound, Number value) {
        return of(bound.field(), value);
    }

    static JobRequest of(String field, Object value) {
        return of(Map.of(field, value));
    }

    static JobRequest of(Map<String, Object> said) {
        return new JobRequest(
                JobId.parse("j1"),
                "resnet20-cifar10",
                new JobRequest.Synthesis(
                        text(said, "synthesis.method"),
                        integer(said, "synthesis.images"),
                        integer(said, "synthesis.batchSize"),
                        integer(said, "synthesis.iterations"),
                        text(said, "synthesis.optimizer"),
                        fraction(said, "synthesis.learningRate"),
                        integer(said, "synthesis.plateauPatience"),
                        text(said, "synthesis.init"),
                        fraction(said, "synthesis.slackPercentile"),
                        integer(said, "synthesis.probeImages"),
                        fraction(said, "synthesis.layerEnhancement"),
                        fraction(said, "synthesis.correlationInhibition")),
                new JobRequest.Quantization(
                        text(said, "quantization.scheme"),
                        integer(said, "quantization.weightBits"),
                        integer(said, "quantization.activationBits"),
                        text(said, "quantization.range")),
                new JobRequest.Evaluation(text(said, "evaluation.dataset"), integer(said, "evaluation.batchSize")),
                said.get("seed") instanceof Number seed ? seed.longValue() : null);
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
        return bound.integral() ? (Number) (bound.max() + 1) : Math.nextUp((double) bound.max());
    }

    private static String text(Map<String, Object> said, String field) {
        return (String) said.get(field);
    }

    private static Integer integer(Map<String, Object> said, String field) {
        return said.get(field) instanceof Number number ? Math.toIntExact(number.longValue()) : null;
    }

    private static Double fraction(Map<String, Object> said, String field) {
        return said.get(field) instanceof Number number ? number.doubleValue() : null;
    }
}
