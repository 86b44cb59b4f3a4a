package dev.dsg.engine.quantization;

import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link RangeMethod#MSE}: the squared errors of 80 candidate ranges, added up over all images. The candidates start at
 * the smallest value and end 0, 1, ... 79 hundredths of the extent below the largest; the narrowest wins a tie.
 *
 * <p>The extent is that of the first batch that is not constant. So one batch gives exactly ZeroQ's range, and of several
 * the first decides between which ranges the others choose.
 */
final class SquaredErrorObserver implements RangeObserver {

    private static final int CANDIDATES = 80;

    private final BitWidth bits;
    private final double[] errors = new double[CANDIDATES];
    private List<Range> candidates = List.of(Range.ZERO);

    SquaredErrorObserver(BitWidth bits) {
        this.bits = bits;
    }

    @Override
    public void observe(Tensor x) {
        if (candidates.size() == 1) {
            Range extent = Range.of(x);
            if (extent.isPoint()) {
                candidates = List.of(extent);
                return;
            }
            candidates = grid(extent);
        }
        for (int i = 0; i < candidates.size(); i++) {
            errors[i] += squaredError(x, candidates.get(i));
        }
    }

    private static List<Range> grid(Range extent) {
        return IntStream.range(0, CANDIDATES)
                .mapToObj(i -> new Range(extent.lo(), extent.hi() - (float) (0.01 * i) * (extent.hi() - extent.lo())))
                .toList();
    }

    /** Sums each image natively and the images in float64, so that order and cut do not matter. */
    private double squaredError(Tensor x, Range candidate) {
        int[] perImage = IntStream.range(1, x.shape().length).toArray();
        try (Scope _ = Scope.open()) {
            Tensor error = AffineQuantizer.perTensor(bits, candidate)
                    .fakeQuantizeInPlace(x.copy())
                    .subInPlace(x);
            double sum = 0;
            for (float ofImage : error.mulInPlace(error).sum(perImage, false).toFloats()) {
                sum += ofImage;
            }
            return sum;
        }
    }

    @Override
    public Range range() {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            if (errors[i] <= errors[best]) {
                best = i;
            }
        }
        return candidates.get(best);
    }
}
