package dev.dsg.engine.analysis;

import dev.dsg.engine.analysis.NetworkAnalysis.Diversity;
import dev.dsg.engine.synthesis.VendiScore;

/**
 * The cosines between vectors.
 *
 * @param count how many vectors
 * @param values {@code [count, count]}, row-major; between a vector of zeros and any other it is 0
 */
public record Cosines(int count, float[] values) {

    /** Between the rows of {@code rows [count, ...]}. */
    static Cosines of(int count, float[] rows) {
        int each = rows.length / count;
        double[] lengths = new double[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = Math.sqrt(dot(rows, i * each, i * each, each));
        }
        float[] values = new float[count * count];
        for (int i = 0; i < count; i++) {
            values[i * count + i] = 1;
            for (int j = 0; j < i; j++) {
                double product = lengths[i] * lengths[j];
                double cosine = product == 0 ? 0 : dot(rows, i * each, j * each, each) / product;
                values[i * count + j] = (float) cosine;
                values[j * count + i] = (float) cosine;
            }
        }
        return new Cosines(count, values);
    }

    private static double dot(float[] values, int a, int b, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (double) values[a + i] * values[b + i];
        }
        return sum;
    }

    Diversity diversity() {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double mean = count == 1 ? 0 : (sum - count) / (count * (count - 1.0));
        return new Diversity(mean, VendiScore.of(values, count));
    }
}
