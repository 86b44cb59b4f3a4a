package dev.dsg.standalone.terminal;

import java.io.PrintStream;
import java.time.InstantSource;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/**
 * Where progress goes: bars that redraw themselves on a terminal, and where the output is kept in a file or read by a
 * program, a plain line now and then.
 */
public final class Terminal {

    private static final String CLEAR_LINE = "\r\033[K";
    private static final int WIDEST = 110;

    private final PrintStream out;
    private final InstantSource clock;
    private final boolean bars;
    private String drawn = "";

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
            out.print(CLEAR_LINE + line + System.lineSeparator() + drawn);
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

    /** Leaves the bar as it was drawn last. */
    synchronized void leave() {
        if (!drawn.isEmpty()) {
            drawn = "";
            out.println();
            out.flush();
        }
    }
}
