package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Tensor;

/** {@link RangeMethod#MIN_MAX}. */
final class MinMaxObserver implements RangeObserver {

    private Range seen = Range.ZERO;

    @Override
    public void observe(Tensor x) {
        seen = seen.union(Range.of(x));
    }

    @Override
    public Range range() {
        return seen;
    }
}
