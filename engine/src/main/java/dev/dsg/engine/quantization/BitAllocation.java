package dev.dsg.engine.quantization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses a width for each weight so that all of them together stay within a budget. Everything starts with the fewest
 * bits; then, again and again, that weight is widened, by one step or by several, which loses the most noise for a bit.
 * The first weight and the fewest bits win a tie.
 */
final class BitAllocation {

    /** The widths to choose from. */
    static final List<BitWidth> WIDTHS =
            List.of(new BitWidth(2), new BitWidth(3), new BitWidth(4), new BitWidth(6), new BitWidth(8));

    /**
     * One weight.
     *
     * @param count of its values
     * @param noise that it makes at each of {@link #WIDTHS}, in any unit all weights share
     */
    record Weight(String name, long count, double[] noise) {

        private double gain(int from, int to) {
            return (noise[from] - noise[to]) / bits(from, to);
        }

        private long bits(int from, int to) {
            return count * (WIDTHS.get(to).bits() - WIDTHS.get(from).bits());
        }
    }

    private record Step(int weight, int to, double gain) {}

    private final List<Weight> weights;
    private final int[] chosen;
    private double left;

    private BitAllocation(List<Weight> weights, double bits) {
        this.weights = weights;
        this.chosen = new int[weights.size()];
        this.left = bits;
    }

    /**
     * Chooses.
     *
     * @param weights those that have a choice
     * @param bits that they may take together; at least the fewest
     * @return a width for each weight, by name
     */
    static Map<String, BitWidth> choose(List<Weight> weights, double bits) {
        long fewest = weights.stream()
                .mapToLong(weight -> weight.count() * WIDTHS.getFirst().bits())
                .sum();
        return new BitAllocation(weights, bits - fewest).widths();
    }

    private Map<String, BitWidth> widths() {
        for (Step step = best(); step != null; step = best()) {
            left -= weights.get(step.weight()).bits(chosen[step.weight()], step.to());
            chosen[step.weight()] = step.to();
        }
        Map<String, BitWidth> widths = new LinkedHashMap<>();
        for (int i = 0; i < chosen.length; i++) {
            widths.put(weights.get(i).name(), WIDTHS.get(chosen[i]));
        }
        return widths;
    }

    private Step best() {
        List<Step> affordable = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            Weight weight = weights.get(i);
            for (int to = chosen[i] + 1; to < WIDTHS.size(); to++) {
                if (weight.bits(chosen[i], to) <= left) {
                    affordable.add(new Step(i, to, weight.gain(chosen[i], to)));
                }
            }
        }
        Step best = null;
        for (Step step : affordable) {
            if (step.gain() > (best == null ? 0 : best.gain())) {
                best = step;
            }
        }
        return best;
    }
}
