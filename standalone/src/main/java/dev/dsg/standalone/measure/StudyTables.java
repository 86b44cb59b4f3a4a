package dev.dsg.standalone.measure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results of a study as tables in Markdown: one for each pair of widths and range method, a row for each source of
 * images, a column for each rounding; in each cell mean and sample standard deviation of top-1 in percent, and the number
 * of seeds where it is not that of the others.
 */
final class StudyTables {

    private final List<StudyRun> runs;
    private final List<String> rows;

    /** @param rows the sources of images, in the order of the rows */
    StudyTables(List<StudyRun> runs, List<String> rows) {
        this.runs = runs;
        this.rows = rows;
    }

    String markdown() {
        Map<String, List<StudyRun>> bySetting = runs.stream()
                .collect(Collectors.groupingBy(
                        run -> run.quantization().setting(), LinkedHashMap::new, Collectors.toList()));
        return bySetting.entrySet().stream()
                .map(entry -> table(entry.getKey(), entry.getValue(), rows))
                .collect(Collectors.joining("\n"));
    }

    private static String table(String setting, List<StudyRun> runs, List<String> rows) {
        List<String> roundings = runs.stream()
                .map(run -> run.quantization().rounding())
                .distinct()
                .toList();
        StringBuilder text = new StringBuilder("| " + setting + " | " + String.join(" | ", roundings) + " |\n|---|");
        text.append("---|".repeat(roundings.size())).append('\n');
        for (String images : rows) {
            String cells = roundings.stream()
                    .map(rounding -> cell(runs.stream()
                            .filter(run -> run.images().equals(images))
                            .filter(run -> run.quantization().rounding().equals(rounding))
                            .mapToDouble(StudyRun::top1)
                            .toArray()))
                    .collect(Collectors.joining(" | "));
            text.append("| ").append(images).append(" | ").append(cells).append(" |\n");
        }
        return text.toString();
    }

    private static String cell(double[] shares) {
        return shares.length == 0 ? "" : summary(shares) + " (" + shares.length + ")";
    }

    /** Mean and sample standard deviation, in percent. */
    static String summary(double[] shares) {
        double mean = Arrays.stream(shares).average().orElseThrow();
        double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
        return shares.length == 1
                ? percent(mean)
                : String.format(Locale.ROOT, "%.2f ± %.2f", 100 * mean, 100 * Math.sqrt(squares / (shares.length - 1)));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", 100 * share);
    }
}
