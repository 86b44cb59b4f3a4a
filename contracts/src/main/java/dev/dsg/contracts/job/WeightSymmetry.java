package dev.dsg.contracts.job;

/** Where the zero point of weights lies. */
public enum WeightSymmetry implements WireNamed {
    /** Wherever their range puts it. */
    ASYMMETRIC,
    /** At 0. */
    SYMMETRIC
}
