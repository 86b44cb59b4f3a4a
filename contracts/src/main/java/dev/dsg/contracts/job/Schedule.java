package dev.dsg.contracts.job;

/** How a step size shrinks. */
public enum Schedule implements WireNamed {
    /** By a factor at each of some epochs. */
    STEP,
    /** As half a cosine from its start to 0 at the last step; epochs and a factor say nothing then. */
    COSINE
}
