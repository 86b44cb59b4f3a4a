package dev.dsg.contracts.job;

import dev.dsg.contracts.error.Require;

/**
 * What the result is measured on.
 *
 * @param dataset name of a labelled data set in the store
 * @param batchSize images evaluated together
 */
public record EvaluationSpec(String dataset, int batchSize) {
    /** Refuses names that are none and sizes out of bounds. */
    public EvaluationSpec {
        Require.name("evaluation.dataset", dataset);
        Bound.EVALUATION_BATCH_SIZE.check(batchSize);
    }
}
