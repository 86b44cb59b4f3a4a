package dev.dsg.engine.synthesis;

import dev.dsg.engine.synthesis.AlignmentLoss.Deviations;
import dev.dsg.engine.synthesis.StatisticsTargets.Layer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a finished batch says of itself; {@link SyntheticBatch} lists the entries. */
final class Diagnostics {

    private Diagnostics() {}

    /** @param first the loss before the first step, or NaN if there was none */
    static Map<String, Double> of(Objective objective, Observation seen, StatisticsTargets targets, double first) {
        Map<String, Double> all = new TreeMap<>();
        double last = objective.loss(seen).item();
        all.put("loss.first", Double.isNaN(first) ? last : first);
        all.put("loss.last", last);
        objective.values(seen).forEach((term, value) -> all.put("loss." + term, value));
        slack(objective.excess(seen), targets.layers(), all);
        float[] gram = CorrelationInhibition.gram(seen.images()).toFloats();
        int count = Math.toIntExact(seen.images().size(0));
        all.put("cosine.mean", meanCosine(gram, count));
        all.put("vendi.pixels", VendiScore.of(gram, count));
        return all;
    }

    private static void slack(Deviations excess, List<Layer> layers, Map<String, Double> all) {
        float[] mean = excess.mean().toFloats();
        float[] deviation = excess.deviation().toFloats();
        int columns = layers.stream().mapToInt(Layer::channels).sum();
        int active = 0;
        int from = 0;
        for (Layer layer : layers) {
            int to = from + layer.channels();
            int here = positive(mean, columns, from, to) + positive(deviation, columns, from, to);
            all.put("slack.active." + layer.node(), here / (2.0 * mean.length / columns * layer.channels()));
            active += here;
            from = to;
        }
        all.put("slack.active", active / (2.0 * mean.length));
    }

    /** How many entries of columns {@code from} to {@code to} (exclusive) are above 0. */
    private static int positive(float[] matrix, int columns, int from, int to) {
        int positive = 0;
        for (int row = 0; row < matrix.length; row += columns) {
            for (int c = from; c < to; c++) {
                positive += matrix[row + c] > 0 ? 1 : 0;
            }
        }
        return positive;
    }

    /** The mean off the diagonal of {@code [n, n]}; 0 for a single image. */
    static double meanCosine(float[] gram, int n) {
        double sum = 0;
        for (float cosine : gram) {
            sum += cosine;
        }
        return n == 1 ? 0 : (sum - n) / (n * (n - 1.0));
    }
}
