package dev.dsg.contracts.job;

/** How the integers of a weight follow from its values. */
public enum Rounding implements WireNamed {
    /** Each value to the nearest integer. */
    NEAREST,
    /** Errors that cancel within kernels and output channels; needs no images. */
    SQUANT,
    /** Learned layer by layer, so that each layer answers as before. */
    ADAROUND,
    /** Learned block by block; then the activation ranges. */
    BRECQ,
    /** Learned block by block together with the activation ranges, while activations are quantized at random. */
    QDROP
}
