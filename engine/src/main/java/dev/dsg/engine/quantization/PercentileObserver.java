package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * {@link RangeMethod#PERCENTILE}, with linear interpolation between neighbours as numpy does. Since a percentile that
 * close to the end is found among the few outermost values, only these are kept from batch to batch, and the result is
 * exactly that of all values together.
 */
final class PercentileObserver implements RangeObserver {

    private static final double OUTSIDE = (100 - 99.999) / 100;

    private final int images;
    private long seen;
    /** The largest values and the largest negated values, in ascending order. */
    private float[] highs = {};

    private float[] negatedLows = {};

    PercentileObserver(int images) {
        this.images = images;
    }

    @Override
    public void observe(Tensor x) {
        seen += x.count();
        long total = x.count() / x.size(0) * images;
        int kept = (int) (OUTSIDE * (total - 1)) + 2;
        try (Scope _ = Scope.open()) {
            highs = merge(highs, x, kept);
            negatedLows = merge(negatedLows, x.neg(), kept);
        }
    }

    private static float[] merge(float[] before, Tensor x, int kept) {
        float[] fresh = x.largest((int) Math.min(kept, x.count())).toFloats();
        float[] all = Arrays.copyOf(before, before.length + fresh.length);
        System.arraycopy(fresh, 0, all, before.length, fresh.length);
        Arrays.sort(all);
        return Arrays.copyOfRange(all, Math.max(0, all.length - kept), all.length);
    }

    @Override
    public Range range() {
        return seen == 0 ? Range.ZERO : Range.ZERO.union(new Range(-outermost(negatedLows), outermost(highs)));
    }

    /** The value that only the share {@link #OUTSIDE} of all values exceeds. */
    private float outermost(float[] ascending) {
        double place = OUTSIDE * (seen - 1);
        int below = ascending.length - 1 - (int) place;
        float upper = ascending[below];
        float lower = ascending[Math.max(0, below - 1)];
        return (float) (upper - (place - (int) place) * (upper - lower));
    }
}
