package dev.dsg.contracts.job;

import dev.dsg.contracts.error.Require;

/**
 * How the network is quantized.
 *
 * @param scheme the procedure
 * @param weightBits width of every weight
 * @param activationBits width of every activation
 * @param range how activation ranges are found
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for
 */
public record QuantizationSpec(
        QuantizationScheme scheme,
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod range,
        Rounding rounding,
        Target target) {
    /** Refuses missing parts. */
    public QuantizationSpec {
        Require.present("quantization.scheme", scheme);
        Require.present("quantization.weightBits", weightBits);
        Require.present("quantization.activationBits", activationBits);
        Require.present("quantization.range", range);
        Require.present("quantization.rounding", rounding);
        Require.present("quantization.target", target);
    }
}
