package dev.dsg.engine.quantization;

/** How the integers of a weight follow from its values. */
public sealed interface RoundingMethod {

    /** Each value to the nearest integer. */
    RoundingMethod NEAREST = new Nearest();

    /** Errors that cancel within kernels and output channels; needs no images. */
    RoundingMethod SQUANT = new Squant();

    /** {@link #NEAREST}. */
    record Nearest() implements RoundingMethod {}

    /** {@link #SQUANT}; what it does is said at {@link SquantFlips}. */
    record Squant() implements RoundingMethod {}
}
