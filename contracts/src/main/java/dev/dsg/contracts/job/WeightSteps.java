package dev.dsg.contracts.job;

/** What becomes of the step sizes of weights while a quantized network is trained. */
public enum WeightSteps implements WireNamed {
    /** They follow from the weights at every step. */
    RECOMPUTED,
    /** They are trained, as LSQ has it. */
    LEARNED
}
