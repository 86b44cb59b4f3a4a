package dev.dsg.standalone.terminal;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * Where progress goes: bars that redraw themselves on a terminal, and where the output is kept in a file or read by a
 * program, a plain line now and then.
 */
public final class Terminal {

    private static final String CLEAR_LINE = "\r\033[K";
    private static final String CLEAR_BELOW = "\r\033[J";
    private static final String UP = "\033[%dA";
    private static final int WIDEST = 110;

    private final PrintStream out;
    private final InstantSource clock;
    private final boolean bars;
    private String drawn = "";
    private List<String> above = List.of();

    private Terminal(PrintStream out, InstantSource clock, boolean bars) {
        this.out = out;
        this.clock = clock;
        this.bars = bars;
    }

    /** The terminal of this process, if it has one. */
    public static Terminal standard() {
        var console = System.console();
        return console != null && console.isTerminal() ? interactive(System.out) : plain(System.out);
    }

    /** Bars. */
    static Terminal interactive(PrintStream out) {
        return new Terminal(out, InstantSource.system(), true);
    }

    /** Lines. */
    public static Terminal plain(PrintStream out) {
        return plain(out, InstantSource.system());
    }

    static Terminal plain(PrintStream out, InstantSource clock) {
        return new Terminal(out, clock, false);
    }

    /** Says something in a line of its own, above whatever is being drawn. */
    public synchronized void say(String line) {
        if (drawn.isEmpty()) {
            out.println(line);
        } else {
            out.print(toTop() + CLEAR_BELOW + line + System.lineSeparator() + lines(above) + drawn);
        }
        out.flush();
    }

    /**
     * Shows how far a piece of work is.
     *
     * @param task what it is
     * @param unit what is counted, with a leading space
     */
    public Progress progress(String task, String unit) {
        return bars ? new Bar(this, width(), task, unit) : new Lines(this, clock, task, unit);
    }

    private int width() {
        return Math.clamp(new ConsoleProgressBarConsumer(out).getMaxRenderedLength(), 1, WIDEST);
    }

    synchronized void draw(String bar) {
        drawn = bar;
        out.print(CLEAR_LINE + bar);
        out.flush();
    }

    /** Draws lines above the bar instead of those that are there; as many or more. */
    synchronized void above(List<String> lines) {
        out.print(toTop() + CLEAR_BELOW + lines(lines) + drawn);
        out.flush();
        above = lines;
    }

    private String toTop() {
        return above.isEmpty() ? "" : String.format(UP, above.size());
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(line -> line + System.lineSeparator()).collect(Collectors.joining());
    }

    /** Leaves the bar, and what is above it, as they were drawn last. */
    synchronized void leave() {
        above = List.of();
        if (!drawn.isEmpty()) {
            drawn = "";
            out.println();
            out.flush();
        }
    }
}
