package dev.dsg.standalone.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A curve in a few lines of text, of Braille patterns, which have two by four dots each. Its ends are those of the points;
 * where they lie more than tenfold apart, and above zero, its height is a logarithm.
 */
final class Plot {

    private static final int ROWS = 4;
    private static final int DOTS_ACROSS = 2;
    private static final int DOTS_DOWN = 4;
    private static final int LABEL = 9;
    private static final int MANY = 4096;
    private static final int TENFOLD = 10;
    private static final char BLANK = '\u2800';
    /** Which bit of a pattern is which dot, by column and row. */
    private static final int[][] BITS = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};

    /** The mean of so many measurements. */
    private record Point(double x, double y, int count) {
        Point with(Point other) {
            var all = count + other.count;
            return new Point((x * count + other.x * other.count) / all, (y * count + other.y * other.count) / all, all);
        }
    }

    private final String name;
    private final int width;
    private final List<Point> points = new ArrayList<>();
    private int counted = 1;

    /**
     * A plot without points.
     *
     * @param name of what is plotted
     * @param width characters in a line
     */
    Plot(String name, int width) {
        this.name = name;
        this.width = Math.max(1, width - LABEL - 1);
    }

    /** Adds a point; one that is not right of the last replaces it, for then work began again or told twice. */
    void add(double x, double y) {
        while (!points.isEmpty() && points.getLast().x >= x) {
            points.removeLast();
        }
        var point = new Point(x, y, 1);
        if (!points.isEmpty() && points.getLast().count < counted) {
            point = points.removeLast().with(point);
        }
        points.add(point);
        if (points.size() > MANY) {
            thin();
        }
    }

    /** The lines; none before there are two points. */
    List<String> lines() {
        if (points.size() < 2) {
            return List.of();
        }
        var columns = columns();
        var low = Arrays.stream(columns).min().orElseThrow();
        var high = Arrays.stream(columns).max().orElseThrow();
        var rows = draw(heights(columns, low, high));
        var lines = new ArrayList<String>();
        for (var row = 0; row < ROWS; row++) {
            var label = row == 0 ? number(high) : row == 1 ? name : row == ROWS - 1 ? number(low) : "";
            lines.add((String.format("%" + LABEL + "s ", label) + new String(rows[row])).stripTrailing());
        }
        return lines;
    }

    /** Half as many points, each the mean of two, as those that come will be. */
    private void thin() {
        var half = new ArrayList<Point>();
        for (var i = 0; i < points.size(); i += 2) {
            half.add(i + 1 < points.size() ? points.get(i).with(points.get(i + 1)) : points.get(i));
        }
        counted *= 2;
        points.clear();
        points.addAll(half);
    }

    /** One value for each column of dots: the mean of its points, or what lies on the line between its neighbours. */
    private double[] columns() {
        var sums = new double[width * DOTS_ACROSS];
        var counts = new int[sums.length];
        var first = points.getFirst().x;
        var extent = points.getLast().x - first;
        for (var point : points) {
            var column = (int) ((point.x - first) / extent * (sums.length - 1));
            sums[column] += point.y;
            counts[column]++;
        }
        var known = 0;
        for (var column = 0; column < sums.length; column++) {
            if (counts[column] > 0) {
                sums[column] /= counts[column];
                for (var gap = known + 1; gap < column; gap++) {
                    sums[gap] = sums[known] + (sums[column] - sums[known]) * (gap - known) / (column - known);
                }
                known = column;
            }
        }
        return sums;
    }

    /** In dots from the top. */
    private static int[] heights(double[] columns, double low, double high) {
        var logarithmic = low > 0 && high > TENFOLD * low;
        var from = logarithmic ? Math.log(low) : low;
        var extent = (logarithmic ? Math.log(high) : high) - from;
        return Arrays.stream(columns)
                .map(value -> extent == 0 ? 0.5 : ((logarithmic ? Math.log(value) : value) - from) / extent)
                .mapToInt(share -> (int) Math.round((1 - share) * (ROWS * DOTS_DOWN - 1)))
                .toArray();
    }

    private char[][] draw(int[] heights) {
        var rows = new char[ROWS][width];
        for (var row : rows) {
            Arrays.fill(row, BLANK);
        }
        for (var column = 0; column < heights.length; column++) {
            var before = heights[Math.max(0, column - 1)];
            // Not from the last dot itself, so that slopes stay thin.
            var from = before == heights[column] ? before : before + Integer.signum(heights[column] - before);
            for (var dot = Math.min(from, heights[column]); dot <= Math.max(from, heights[column]); dot++) {
                rows[dot / DOTS_DOWN][column / DOTS_ACROSS] |= (char) BITS[column % DOTS_ACROSS][dot % DOTS_DOWN];
            }
        }
        return rows;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
