package dev.dsg.contracts.job;

/** How the range of an activation follows from what the calibration images show of it. */
public enum RangeMethod implements WireNamed {
    /** Mean over the images of each image's extremes. */
    SAMPLE_MEAN,
    /** The extremes of all. */
    MIN_MAX,
    /** The 0.001th and the 99.999th percentile. */
    PERCENTILE,
    /** The upper end, of 80, that loses least in the square. */
    MSE
}
