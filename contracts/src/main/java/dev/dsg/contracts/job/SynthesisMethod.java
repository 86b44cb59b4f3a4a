package dev.dsg.contracts.job;

/** A named preset of synthesis settings; {@link Presets} holds what each stands for. */
public enum SynthesisMethod implements WireNamed {
    /** Gaussian noise as it is, the floor that every method has to beat. */
    NOISE,
    /** ZeroQ: images whose statistics match those in the BatchNorm layers. */
    ZEROQ,
    /** Diverse sample generation: slack alignment, layerwise enhancement, correlation inhibition. */
    DSG,
    /** Diverse sample generation as its paper has it. */
    DSG_PAPER,
    /** Diverse sample generation as its released code has it, with labels and image priors. */
    DSG_RELEASED,
    /** Genie: a small generator network is trained with its inputs, on statistics of the batch, through swinging strides. */
    GENIE
}
