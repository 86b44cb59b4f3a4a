package dev.dsg.standalone.measure;

import dev.dsg.engine.picture.Plots;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measurements of one thing under several seeds.
 *
 * @param values in the unit in which they are shown
 */
record Sample(double... values) {

    /** NaN where there is nothing. */
    double mean() {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** Of the sample; 0 for a single value. */
    double deviation() {
        double mean = mean();
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / Math.max(values.length - 1, 1));
    }

    /** Such as {@code 89.06 ± 0.10 (3)}: mean, deviation, how many there are. Nothing is an empty text. */
    String cell() {
        return cell("%.2f");
    }

    /** The same with the sign of the mean, as differences have one. */
    String signedCell() {
        return cell("%+.2f");
    }

    /** What a plot shows of one series, in the order of its categories. */
    static Plots.Points points(String series, List<Sample> samples) {
        return new Plots.Points(
                series,
                samples.stream().map(Sample::mean).toList(),
                samples.stream().map(Sample::deviation).toList());
    }

    private String cell(String mean) {
        return switch (values.length) {
            case 0 -> "";
            case 1 -> String.format(Locale.ROOT, mean + " (1)", values[0]);
            default -> String.format(Locale.ROOT, mean + " ± %.2f (%d)", mean(), deviation(), values.length);
        };
    }
}
