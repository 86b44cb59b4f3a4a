package dev.dsg.contracts.job;

/** Where the images start from. */
public enum Initialization implements WireNamed {
    /** N(0, 1) per pixel. */
    GAUSSIAN,
    /** Integers of [-127, 127] divided by 5418.75, as in the released ZeroQ. */
    TINY_UNIFORM,
    /** U[0, 1) per pixel, as in the released DSG. */
    UNIFORM
}
