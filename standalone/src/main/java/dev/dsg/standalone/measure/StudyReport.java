package dev.dsg.standalone.measure;

import dev.dsg.engine.picture.Plots;
import dev.dsg.engine.quantization.RoundingMethod;
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

    private static final Comparator<StudiedQuantization> ORDER = Comparator.comparing(StudiedQuantization::widths)
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

    private Map<Widths, List<StudyRun>> widths() {
        return runs.stream()
                .sorted(Comparator.comparing(StudyRun::quantization, ORDER))
                .collect(Collectors.groupingBy(
                        run -> run.quantization().widths(), LinkedHashMap::new, Collectors.toList()));
    }

    private String table(Widths widths, List<StudyRun> of) {
        List<String> columns = distinct(of, StudiedQuantization::way);
        MarkdownTable table = new MarkdownTable(widths.toString(), columns);
        for (String source : sourcesOf(of)) {
            table.row(
                    source,
                    columns.stream()
                            .map(column -> sample(of, source, how -> how.way().equals(column))
                                    .cell())
                            .toList());
        }
        return table.toString();
    }

    private void plot(
            Map<String, byte[]> plots,
            Widths widths,
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
                    "methods-" + widths.toString().toLowerCase(Locale.ROOT) + "-" + by + ".png",
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
        List<Sample> samples = categories.stream()
                .map(source -> sample(of, source, how -> name.apply(how).equals(series)))
                .toList();
        return Sample.points(series, samples);
    }

    private static Sample sample(List<StudyRun> of, String source, Predicate<StudiedQuantization> which) {
        return new Sample(of.stream()
                .filter(run -> run.images().equals(source) && which.test(run.quantization()))
                .mapToDouble(run -> 100 * run.top1())
                .toArray());
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

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
