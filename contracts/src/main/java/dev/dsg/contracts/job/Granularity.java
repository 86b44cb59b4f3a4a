package dev.dsg.contracts.job;

/** Which of a layer's weights share one scale and zero point. */
public enum Granularity implements WireNamed {
    /** Those of an output channel. */
    CHANNEL,
    /** All. */
    TENSOR
}
