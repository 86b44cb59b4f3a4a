package dev.dsg.contracts.job;

/** What moves the pixels. */
public enum Optimizer implements WireNamed {
    /** Adam with betas 0.9 and 0.999. */
    ADAM
}
