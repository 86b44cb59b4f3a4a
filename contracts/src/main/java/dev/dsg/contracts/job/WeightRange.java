package dev.dsg.contracts.job;

/** How far the integers of weights reach. */
public enum WeightRange implements WireNamed {
    /** As far as the weights. */
    WHOLE,
    /** As far as leaves the least error, which cuts outliers off. */
    LEAST_ERROR
}
