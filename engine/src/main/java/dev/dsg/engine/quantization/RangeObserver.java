package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Tensor;

/**
 * Finds the range of one activation from what it sees, batch by batch. The result depends neither on the order of the
 * images nor on how they are cut into batches, up to what {@link SquaredErrorObserver} says of its first batch.
 */
sealed interface RangeObserver permits MinMaxObserver, PercentileObserver, SampleMeanObserver, SquaredErrorObserver {

    /** Takes the values {@code [batch, ...]} of a further batch into account. */
    void observe(Tensor x);

    /** The range by all that was seen so far. */
    Range range();
}
