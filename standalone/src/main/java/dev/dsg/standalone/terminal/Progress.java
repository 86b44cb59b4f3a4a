package dev.dsg.standalone.terminal;

/** How far one piece of work is, shown until it is closed. */
public interface Progress extends AutoCloseable {

    /** Total of a piece of work whose size is not known. */
    long UNKNOWN = -1;

    /**
     * So much is done.
     *
     * @param done units
     * @param total units in all, or {@link #UNKNOWN}
     */
    void to(long done, long total);

    /** Adds a few words behind the numbers. */
    void note(String words);

    /**
     * Adds a point to a small plot above the bar, where there is room for one: plain lines have none. A piece of work has
     * one plot, of what it named first.
     *
     * @param name of what was measured, such as {@code loss}
     * @param done units done when it was
     * @param value finite
     */
    void plot(String name, long done, double value);

    /** Ends it where it stands. */
    @Override
    void close();
}
