package dev.dsg.evaluator.report;

import dev.dsg.contracts.result.JobReport;
import java.util.List;
import java.util.stream.Collectors;

/** A report as Markdown. Equal reports give equal texts. */
public final class ReportText {

    private ReportText() {}

    /** The text. */
    public static String of(JobReport report) {
        var text = new StringBuilder("# " + Sections.title(report) + "\n\n" + Sections.subtitle(report) + "\n");
        for (var section : Sections.of(report)) {
            text.append("\n## ").append(section.topic().title()).append('\n');
            section.sentences()
                    .forEach(sentence -> text.append('\n').append(sentence).append('\n'));
            append(text, section.rows());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<List<String>> rows) {
        for (int i = 0; i < rows.size(); i++) {
            text.append(i == 0 ? "\n" : "").append(line(rows.get(i)));
            if (i == 0) {
                text.append("|").append("---|".repeat(rows.getFirst().size())).append('\n');
            }
        }
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
