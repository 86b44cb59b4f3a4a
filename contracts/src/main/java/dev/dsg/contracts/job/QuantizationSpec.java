package dev.dsg.contracts.job;

import dev.dsg.contracts.error.Require;

/**
 * How the network is quantized.
 *
 * @param scheme the procedure
 * @param weightBits width of every weight
 * @param activationBits width of every activation
 * @param range how activation ranges are found
 */
public record QuantizationSpec(
        QuantizationScheme scheme, BitWidth weightBits, BitWidth activationBits, RangeMethod range) {
    /** Refuses missing parts. */
    public QuantizationSpec {
        Require.present("quantization.scheme", scheme);
        Require.present("quantization.weightBits", weightBits);
        Require.present("quantization.activationBits", activationBits);
        Require.present("quantization.range", range);
    }
}
