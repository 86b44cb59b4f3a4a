package dev.dsg.standalone.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of plain text: words to the left, columns of numbers to the right, each as wide as it must be. */
public final class Table {

    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("[+-]?[\\d.,]+( .*)?");

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /**
     * Adds a row.
     *
     * @param cells as many as there are headings
     */
    public Table row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells, not " + rows.getFirst().size());
        }
        rows.add(List.of(cells));
        return this;
    }

    /** The lines, headings first, without trailing spaces. */
    public List<String> lines() {
        var columns = IntStream.range(0, rows.getFirst().size())
                .mapToObj(this::column)
                .toList();
        return rows.stream().map(row -> line(row, columns)).toList();
    }

    private record Column(int width, boolean ofNumbers) {
        String fit(String cell) {
            var padding = " ".repeat(width - cell.length());
            return ofNumbers ? padding + cell : cell + padding;
        }
    }

    private Column column(int index) {
        var cells = rows.stream().map(row -> row.get(index)).toList();
        var width = cells.stream().mapToInt(String::length).max().orElse(0);
        var below = cells.subList(1, cells.size());
        return new Column(
                width,
                below.stream()
                        .allMatch(cell -> cell.isEmpty() || NUMBER.matcher(cell).matches()));
    }

    private static String line(List<String> row, List<Column> columns) {
        return IntStream.range(0, row.size())
                .mapToObj(index -> columns.get(index).fit(row.get(index)))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
