package dev.dsg.standalone.measure;

import dev.dsg.contracts.store.Sha256;
import dev.dsg.engine.picture.Plots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The results of a study of training for people. For each network a table in Markdown, with a row for each variant and two
 * columns for each pair of widths: mean and sample standard deviation of top-1 in percent with the number of seeds, and the
 * same of the difference, seed by seed, to {@code ptq} under the same settings. And a plot of the same.
 *
 * <p>Of several results of one variant under one seed the last counts.
 */
public final class TrainingReport {

    private static final int SHOWN_DIGITS = 12;

    private final Map<Subject, List<TrainingRun>> runs;

    /** @param runs in any order; networks and variants appear in the order of their first run */
    public TrainingReport(List<TrainingRun> runs) {
        this.runs = runs.stream().collect(Collectors.groupingBy(Subject::of, LinkedHashMap::new, Collectors.toList()));
    }

    /** What was quantized, and what it was measured on. */
    private record Subject(String model, Sha256 network, String dataset, int testImages, double fp32Top1) {

        static Subject of(TrainingRun run) {
            return new Subject(run.model(), run.network(), run.dataset(), run.testImages(), run.fp32Top1());
        }

        String head() {
            return String.format(
                    Locale.ROOT,
                    "%s (%s): top-1 %.2f in float32, %d test images of %s",
                    model,
                    network.hex().substring(0, SHOWN_DIGITS),
                    100 * fp32Top1,
                    testImages,
                    dataset);
        }
    }

    /** What makes two runs alike but for widths and seed. */
    private record Row(String variant, List<String> fields, List<String> settings) {

        static Row of(TrainingRun run) {
            return new Row(run.variant(), run.fields(), run.settings());
        }

        /** Whether the other one shows what this one gains. */
        boolean isComparedWith(Row other) {
            return !variant.equals(TrainingVariant.REFERENCE)
                    && other.variant.equals(TrainingVariant.REFERENCE)
                    && other.settings.equals(TrainingJob.untrained(settings));
        }
    }

    /**
     * The tables.
     *
     * @param beside what is said behind each network's accuracy in float32; may be empty
     */
    public String markdown(String beside) {
        return runs.entrySet().stream()
                .map(entry -> entry.getKey().head() + beside + "\n\n" + new Runs(entry.getValue()).markdown())
                .collect(Collectors.joining("\n"));
    }

    /** The plots, PNG files by name: one for each network of which there is something to compare. */
    Map<String, byte[]> plots() {
        Map<String, byte[]> plots = new LinkedHashMap<>();
        runs.forEach((subject, of) -> {
            Runs these = new Runs(of);
            if (these.rows.size() > 1) {
                plots.put(
                        plots.isEmpty() ? "training.png" : "training-" + (plots.size() + 1) + ".png",
                        these.plot("Top-1 of " + subject.model() + ": mean and standard deviation over seeds"));
            }
        });
        return plots;
    }

    /** Writes tables and plots to a folder: {@code training.md} and PNG files. */
    public void write(Path folder) {
        new StudyPage("training.md", markdown(""), plots()).write(folder);
    }

    /** The runs on one network. */
    private static final class Runs {

        private final List<TrainingRun> all;
        private final List<Row> rows;
        private final List<Widths> widths;

        Runs(List<TrainingRun> all) {
            this.all = all;
            this.rows = all.stream().map(Row::of).distinct().toList();
            this.widths =
                    all.stream().map(TrainingRun::widths).distinct().sorted().toList();
        }

        String markdown() {
            List<String> columns = new ArrayList<>();
            widths.forEach(these -> columns.addAll(List.of(these.toString(), these + " − ptq")));
            MarkdownTable table = new MarkdownTable("", columns);
            rows.forEach(row -> table.row(label(row), cells(row)));
            return table + settings();
        }

        private List<String> cells(Row row) {
            List<String> cells = new ArrayList<>();
            for (Widths these : widths) {
                cells.add(sample(row, these).cell());
                cells.add(gain(row, these).signedCell());
            }
            return cells;
        }

        /** Which settings were given for which variants. */
        private String settings() {
            Map<List<String>, List<String>> given = new LinkedHashMap<>();
            rows.stream().filter(row -> !row.settings().isEmpty()).forEach(row -> given.computeIfAbsent(
                            row.settings(), _ -> new ArrayList<>())
                    .add(label(row)));
            return given.entrySet().stream()
                    .map(entry -> "\nWith " + String.join(", ", entry.getKey()) + ": "
                            + String.join(", ", entry.getValue()) + ".\n")
                    .collect(Collectors.joining());
        }

        /** The name; where several rows have it, with that in which they differ. */
        private String label(Row row) {
            List<Row> namesakes = rows.stream()
                    .filter(other -> other.variant().equals(row.variant()))
                    .toList();
            List<String> parts = new ArrayList<>(List.of(row.variant()));
            if (namesakes.stream().map(Row::fields).distinct().count() > 1) {
                parts.addAll(row.fields());
            }
            if (namesakes.stream().map(Row::settings).distinct().count() > 1) {
                parts.addAll(row.settings());
            }
            return String.join(":", parts);
        }

        private Sample sample(Row row, Widths of) {
            return sample(percent(row, of));
        }

        private Sample gain(Row row, Widths of) {
            Optional<Row> reference = rows.stream().filter(row::isComparedWith).findFirst();
            SortedMap<Long, Double> before =
                    reference.map(found -> percent(found, of)).orElseGet(TreeMap::new);
            SortedMap<Long, Double> after = percent(row, of);
            after.keySet().retainAll(before.keySet());
            after.replaceAll((seed, top1) -> top1 - before.get(seed));
            return sample(after);
        }

        /** Top-1 in percent by seed. */
        private SortedMap<Long, Double> percent(Row row, Widths of) {
            SortedMap<Long, Double> bySeed = new TreeMap<>();
            all.stream()
                    .filter(run -> Row.of(run).equals(row) && run.widths().equals(of))
                    .forEach(run -> bySeed.put(run.seed(), 100 * run.top1()));
            return bySeed;
        }

        private static Sample sample(SortedMap<Long, Double> bySeed) {
            return new Sample(
                    bySeed.values().stream().mapToDouble(Double::doubleValue).toArray());
        }

        byte[] plot(String title) {
            return Plots.comparison(
                    title,
                    "top-1 in %",
                    rows.stream().map(this::label).toList(),
                    widths.stream()
                            .map(these -> Sample.points(
                                    these.toString(),
                                    rows.stream().map(row -> sample(row, these)).toList()))
                            .toList());
        }
    }
}
