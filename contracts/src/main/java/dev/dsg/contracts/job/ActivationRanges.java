package dev.dsg.contracts.job;

/** What becomes of the ranges of activations while a quantized network is trained. */
public enum ActivationRanges implements WireNamed {
    /** They stay as calibration found them. */
    CALIBRATED,
    /** They follow the extremes of each batch as an exponential moving average, in the first epochs. */
    EMA,
    /** Their step sizes are trained, as LSQ has it. */
    LEARNED
}
