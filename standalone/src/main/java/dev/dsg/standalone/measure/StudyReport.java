package dev.dsg.standalone.measure;

import dev.dsg.engine.picture.Plots;
import dev.dsg.engine.quantization.RoundingMethod;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The results of a study for people. For each pair of widths a table in Markdown, with a row for each source of images and
 * a column for each range method with each rounding; in each cell mean and sample standard deviation of top-1 in percent,
 * and the number of seeds. And plots of the same.
 */
final class StudyReport {

    private static final String NEAREST = "nearest";
    private static final String MSE = "mse";

    private static final Comparator<StudiedQuantization> ORDER = Comparator.comparingInt(
                    (StudiedQuantization how) -> -how.weightBits() - how.activationBits())
            .thenComparing(how -> !how.range().equals(MSE))
            .thenComparing(StudiedQuantization::range)
            .thenComparingInt(how -> RoundingMethod.NAMES.indexOf(how.rounding()));

    private final List<StudyRun> runs;

    /** @param runs in any order; sources of images appear in the order of their first run */
    StudyReport(List<StudyRun> runs) {
        this.runs = runs;
    }

    String markdown() {
        return widths().entrySet().stream()
                .map(entry -> table(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** PNG files by name: for each pair of widths one over roundings, and one over range methods. */
    Map<String, byte[]> plots() {
        Map<String, byte[]> plots = new LinkedHashMap<>();
        widths().forEach((widths, of) -> {
            plot(plots, widths, "rounding", of, run -> run.range().equals(MSE), StudiedQuantization::rounding);
            plot(plots, widths, "range", of, run -> run.rounding().equals(NEAREST), StudiedQuantization::range);
        });
        return plots;
    }

    private Map<String, List<StudyRun>> widths() {
        return runs.stream()
                .sorted(Comparator.comparing(StudyRun::quantization, ORDER))
                .collect(Collectors.groupingBy(
                        run -> run.quantization().widths(), LinkedHashMap::new, Collectors.toList()));
    }

    private String table(String widths, List<StudyRun> of) {
        List<String> columns = distinct(of, StudiedQuantization::way);
        StringBuilder text = new StringBuilder("| " + widths + " | " + String.join(" | ", columns) + " |\n|---|");
        text.append("---|".repeat(columns.size())).append('\n');
        for (String source : sourcesOf(of)) {
            String cells = columns.stream()
                    .map(column -> cell(shares(of, source, how -> how.way().equals(column))))
                    .collect(Collectors.joining(" | "));
            text.append("| ").append(source).append(" | ").append(cells).append(" |\n");
        }
        return text.toString();
    }

    private void plot(
            Map<String, byte[]> plots,
            String widths,
            String by,
            List<StudyRun> of,
            Predicate<StudiedQuantization> shown,
            Function<StudiedQuantization, String> name) {
        List<StudyRun> here =
                of.stream().filter(run -> shown.test(run.quantization())).toList();
        List<String> series = distinct(here, name);
        if (series.size() > 1) {
            List<String> categories = sourcesOf(here);
            plots.put(
                    "methods-" + widths.toLowerCase(Locale.ROOT) + "-" + by + ".png",
                    Plots.comparison(
                            widths + " by " + by + ": mean and standard deviation over seeds",
                            "top-1 in %",
                            categories,
                            series.stream()
                                    .map(one -> points(here, categories, one, name))
                                    .toList()));
        }
    }

    private static Plots.Points points(
            List<StudyRun> of, List<String> categories, String series, Function<StudiedQuantization, String> name) {
        List<double[]> shares = categories.stream()
                .map(source -> shares(of, source, how -> name.apply(how).equals(series)))
                .toList();
        return new Plots.Points(
                series,
                shares.stream().map(s -> 100 * mean(s)).toList(),
                shares.stream().map(s -> 100 * deviation(s)).toList());
    }

    private static double[] shares(List<StudyRun> of, String source, Predicate<StudiedQuantization> which) {
        return of.stream()
                .filter(run -> run.images().equals(source) && which.test(run.quantization()))
                .mapToDouble(StudyRun::top1)
                .toArray();
    }

    private List<String> sourcesOf(List<StudyRun> of) {
        return runs.stream()
                .map(StudyRun::images)
                .distinct()
                .filter(source -> of.stream().anyMatch(run -> run.images().equals(source)))
                .toList();
    }

    private static List<String> distinct(List<StudyRun> of, Function<StudiedQuantization, String> name) {
        return of.stream().map(run -> name.apply(run.quantization())).distinct().toList();
    }

    private static String cell(double[] shares) {
        return switch (shares.length) {
            case 0 -> "";
            case 1 -> percent(shares[0]) + " (1)";
            default ->
                String.format(
                        Locale.ROOT, "%.2f ± %.2f (%d)", 100 * mean(shares), 100 * deviation(shares), shares.length);
        };
    }

    private static double mean(double[] shares) {
        return Arrays.stream(shares).average().orElse(Double.NaN);
    }

    /** Of the sample; 0 for a single value. */
    private static double deviation(double[] shares) {
        double mean = mean(shares);
        double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
        return Math.sqrt(squares / Math.max(shares.length - 1, 1));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
