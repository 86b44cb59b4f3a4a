package dev.dsg.contracts.job;

/** How the integers of a weight follow from its values. */
public enum Rounding implements WireNamed {
    /** Each value to the nearest integer. */
    NEAREST,
    /** Errors that cancel within kernels and output channels; needs no images. */
    SQUANT,
    /** Learned layer by layer, so that each layer answers as before. */
    ADAROUND,
    /** Learned block by block, with the weight ranges that leave the least error; then the activation ranges. */
    BRECQ,
    /** As BRECQ, while activations are quantized at random. */
    QDROP
}
