package dev.dsg.engine.quantization;

/**
 * The widths of activations, where the target leaves the choice.
 *
 * @param usual of most
 * @param last of what the last layer reads
 */
public record ActivationBits(BitWidth usual, BitWidth last) {

    /** All of one width. */
    public static ActivationBits all(BitWidth bits) {
        return new ActivationBits(bits, bits);
    }
}
