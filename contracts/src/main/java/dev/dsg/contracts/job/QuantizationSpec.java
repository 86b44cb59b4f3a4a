package dev.dsg.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import java.math.BigDecimal;

/**
 * How the network is quantized.
 *
 * @param scheme the procedure
 * @param weightBits width of every weight, unless there is a {@code weightBudget}
 * @param activationBits width of every activation
 * @param range how activation ranges are found
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for
 * @param granularity which weights share a scale
 * @param weightSymmetry where their zero point lies; {@link Target#ONNXRUNTIME} wants it at 0
 * @param weightRange how far their integers reach
 * @param edgeBits width of the weights of the first and the last layer and of what the last layer reads; {@code null} is
 *     the width of all others
 * @param equalization whether the channels of successive layers are made alike before
 * @param biasCorrection whether average errors, as the images show them, are taken from biases afterwards
 * @param weightBudget mean bits of all weights, if layers shall have widths of their own by how much each matters, within
 *     that budget; {@code null} is one width for all
 * @param reconstructionIterations steps for each layer or block of a rounding that is learned
 * @param reconstructionMemory MiB for the values that such a rounding keeps of a layer or block; where they take more,
 *     fewer images are kept at a time, which changes the result
 */
public record QuantizationSpec(
        QuantizationScheme scheme,
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod range,
        Rounding rounding,
        Target target,
        Granularity granularity,
        WeightSymmetry weightSymmetry,
        WeightRange weightRange,
        @JsonInclude(JsonInclude.Include.NON_NULL) BitWidth edgeBits,
        boolean equalization,
        boolean biasCorrection,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double weightBudget,
        int reconstructionIterations,
        int reconstructionMemory) {
    /** Refuses missing parts, numbers out of bounds, and zero points that the target has no use for. */
    public QuantizationSpec {
        Require.present("quantization.scheme", scheme);
        Require.present("quantization.weightBits", weightBits);
        Require.present("quantization.activationBits", activationBits);
        Require.present("quantization.range", range);
        Require.present("quantization.rounding", rounding);
        Require.present("quantization.target", target);
        Require.present("quantization.granularity", granularity);
        Require.present("quantization.weightSymmetry", weightSymmetry);
        Require.present("quantization.weightRange", weightRange);
        if (weightBudget != null) {
            Bound.WEIGHT_BUDGET.check(weightBudget);
        }
        Bound.RECONSTRUCTION_ITERATIONS.check(reconstructionIterations);
        Bound.RECONSTRUCTION_MEMORY.check(reconstructionMemory);
        if (target == Target.ONNXRUNTIME && weightSymmetry != WeightSymmetry.SYMMETRIC) {
            throw DsgException.invalid(
                    "quantization.weightSymmetry",
                    weightSymmetry.wireName(),
                    WeightSymmetry.SYMMETRIC.wireName() + " for target " + target.wireName());
        }
    }

    /** The widths in short, such as {@code W4A8}; with a budget, {@code W3.5A8}. */
    public String widths() {
        String weights = weightBudget == null
                ? weightBits.toString()
                : BigDecimal.valueOf(weightBudget).stripTrailingZeros().toPlainString();
        return "W" + weights + "A" + activationBits;
    }
}
