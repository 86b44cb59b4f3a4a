package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;

/**
 * What the result is measured on, and what is expected of it.
 *
 * @param dataset name of a labelled data set in the store
 * @param batchSize images evaluated together
 * @param latencySeconds how long speed is measured, in all; 0 is not at all
 * @param maxDrop the most top-1 that may be lost, as a fraction; {@code null} asks nothing
 * @param minSpeedup how many times as fast as the network as it came the artefact is at least; {@code null} asks nothing
 * @param maxBytes the most bytes of its ONNX model; {@code null} asks nothing
 */
public record EvaluationSpec(
        String dataset,
        int batchSize,
        double latencySeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double maxDrop,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double minSpeedup,
        @JsonInclude(JsonInclude.Include.NON_NULL) Long maxBytes) {
    /** Refuses names that are none, numbers out of bounds, and a threshold for what is not measured. */
    public EvaluationSpec {
        Require.name("evaluation.dataset", dataset);
        Bound.EVALUATION_BATCH_SIZE.check(batchSize);
        Bound.LATENCY_SECONDS.check(latencySeconds);
        if (maxDrop != null) {
            Bound.MAX_DROP.check(maxDrop);
        }
        if (minSpeedup != null) {
            Bound.MIN_SPEEDUP.check(minSpeedup);
            if (latencySeconds == 0) {
                throw DsgException.invalid(
                        Bound.LATENCY_SECONDS.field(), 0, "more than 0 with " + Bound.MIN_SPEEDUP.field());
            }
        }
        if (maxBytes != null) {
            Bound.MAX_BYTES.check(maxBytes);
        }
    }
}
