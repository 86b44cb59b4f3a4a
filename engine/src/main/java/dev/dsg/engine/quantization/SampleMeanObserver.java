package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;

/**
 * {@link RangeMethod#SAMPLE_MEAN}. The mean is over the images of all batches alike, summed in float64, so that order and
 * cut do not matter.
 */
final class SampleMeanObserver implements RangeObserver {

    private double lows;
    private double highs;
    private int samples;

    @Override
    public void observe(Tensor x) {
        try (Scope _ = Scope.open()) {
            Tensor rows = x.reshape(x.size(0), -1);
            int[] axis = {1};
            lows += sum(rows.min(axis));
            highs += sum(rows.max(axis));
        }
        samples += Math.toIntExact(x.size(0));
    }

    private static double sum(Tensor extremes) {
        double sum = 0;
        for (float extreme : extremes.toFloats()) {
            sum += extreme;
        }
        return sum;
    }

    @Override
    public Range range() {
        return samples == 0
                ? Range.ZERO
                : Range.ZERO.union(new Range((float) (lows / samples), (float) (highs / samples)));
    }
}
