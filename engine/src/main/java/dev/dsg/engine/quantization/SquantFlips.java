package dev.dsg.engine.quantization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rounding of SQuant (Guo et al., ICLR 2022): nearest rounding, corrected so that errors cancel where they are
 * summed up anyway. With the error {@code d = q - u} of a scaled weight {@code u} rounded to {@code q}, elements are
 * flipped to their other neighbour until
 *
 * <ol>
 *   <li>{@code |sum d| <= 1/2} over every kernel: the elements with the largest errors of the sum's sign flip;
 *   <li>{@code |sum d| <= 1/2} over every output channel: at most one more element of a kernel flips, so that no kernel's
 *       sum exceeds 1. It is the one by which the kernel's own sum is nearest to its other value: the last one flipped if
 *       the flips carried the sum past 0, and the next in order otherwise.
 * </ol>
 *
 * <p>No element leaves the integers of its width; a bound can fail only where too many elements lie at their ends. Sums
 * are in float64, and equal errors flip in order of their places, so the result is the same everywhere.
 */
final class SquantFlips {

    private final BitWidth bits;
    private final float[] scaled;
    private final float[] rounded;

    private SquantFlips(BitWidth bits, float[] scaled) {
        this.bits = bits;
        this.scaled = scaled;
        this.rounded = new float[scaled.length];
        for (int i = 0; i < scaled.length; i++) {
            rounded[i] = (float) Math.max(bits.lowest(), Math.min(bits.highest(), Math.rint(scaled[i])));
        }
    }

    /**
     * Rounds the scaled weight {@code [channels, kernels, elements]}.
     *
     * @param scaled row-major, in steps of the integers
     * @param kernels of each output channel; a fully connected layer has one of one element for every input
     * @return whole numbers, row-major
     */
    static float[] round(BitWidth bits, float[] scaled, int channels, int kernels) {
        SquantFlips flips = new SquantFlips(bits, scaled);
        int elements = scaled.length / channels / kernels;
        for (int channel = 0; channel < channels; channel++) {
            List<Kernel> flipped = new ArrayList<>(kernels);
            for (int kernel = 0; kernel < kernels; kernel++) {
                int from = (channel * kernels + kernel) * elements;
                flipped.add(flips.flipWithin(from, from + elements));
            }
            flips.flipAcross(flipped);
        }
        return flips.rounded;
    }

    /**
     * A kernel that was seen to.
     *
     * @param sum of its errors
     * @param candidate the element whose flip would take the sum to the other side of 0, or {@link #NONE}
     */
    private record Kernel(double sum, int candidate) {

        static final int NONE = -1;

        double size() {
            return Math.abs(sum);
        }
    }

    private Kernel flipWithin(int from, int to) {
        double sum = IntStream.range(from, to).mapToDouble(this::error).sum();
        int sign = (int) Math.signum(sum);
        List<Integer> order = IntStream.range(from, to)
                .filter(i -> Math.signum(error(i)) == sign && mayFlip(i, sign))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(error(i))))
                .toList();
        int count = Math.min((int) Math.rint(Math.abs(sum)), order.size());
        order.subList(0, count).forEach(i -> rounded[i] -= sign);
        double left = sum - sign * count;
        if (left * sign < 0) {
            return new Kernel(left, order.get(count - 1));
        }
        return new Kernel(left, count < order.size() ? order.get(count) : Kernel.NONE);
    }

    private void flipAcross(List<Kernel> kernels) {
        double sum = kernels.stream().mapToDouble(Kernel::sum).sum();
        int sign = (int) Math.signum(sum);
        kernels.stream()
                .filter(kernel -> kernel.candidate() != Kernel.NONE && Math.signum(kernel.sum()) == sign)
                .sorted(Comparator.comparingDouble(Kernel::size).reversed())
                .limit((long) Math.rint(Math.abs(sum)))
                .forEach(kernel -> rounded[kernel.candidate()] -= sign);
    }

    private double error(int i) {
        return (double) rounded[i] - scaled[i];
    }

    private boolean mayFlip(int i, int sign) {
        float flipped = rounded[i] - sign;
        return flipped >= bits.lowest() && flipped <= bits.highest();
    }
}
