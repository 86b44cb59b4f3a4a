package dev.dsg.standalone.measure;

import java.util.List;

/** A table in Markdown, row by row. */
final class MarkdownTable {

    private final StringBuilder text = new StringBuilder();

    /** @param corner above the names of the rows */
    MarkdownTable(String corner, List<String> columns) {
        row(corner, columns);
        text.append("|---|").append("---|".repeat(columns.size())).append('\n');
    }

    /** Adds a row. */
    void row(String name, List<String> cells) {
        text.append("| ")
                .append(name)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }

    /** All of it, each line ended. */
    @Override
    public String toString() {
        return text.toString();
    }
}
