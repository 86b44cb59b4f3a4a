package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;

/**
 * How to quantize a network. Start with {@link #of} and change what shall be otherwise.
 *
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param range how activation ranges are found
 * @param weightGrid what weights are rounded to
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for; {@link Target#ONNXRUNTIME} has a grid of its own and, so far, no
 *     {@link Reconstruction}
 */
public record QuantizationSettings(
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod range,
        WeightGrid weightGrid,
        RoundingMethod rounding,
        Target target) {

    public QuantizationSettings {
        if (target != Target.REFERENCE) {
            require("weightGrid", weightGrid, weightGrid.equals(WeightGrid.MIN_MAX), WeightGrid.MIN_MAX);
            boolean learned = rounding instanceof Reconstruction;
            require("rounding", rounding, !learned, "nearest or squant");
        }
    }

    private static void require(String field, Object value, boolean valid, Object expected) {
        if (!valid) {
            throw new EngineException(
                    Kind.INVALID_SETTING, field, value, expected + " unless for target " + Target.REFERENCE.text());
        }
    }

    /** For {@link Target#REFERENCE}: ranges of least squared error, weights rounded to the nearest of their channel's grid. */
    public static QuantizationSettings of(int weightBits, int activationBits) {
        return of(Target.REFERENCE, weightBits, activationBits);
    }

    /** For {@code target}: ranges of least squared error, weights rounded to the nearest of their channel's grid. */
    public static QuantizationSettings of(Target target, int weightBits, int activationBits) {
        return new QuantizationSettings(
                new BitWidth(weightBits),
                new BitWidth(activationBits),
                RangeMethod.MSE,
                WeightGrid.MIN_MAX,
                RoundingMethod.NEAREST,
                target);
    }

    /** The same with another way to find ranges. */
    public QuantizationSettings withRange(RangeMethod method) {
        return new QuantizationSettings(weightBits, activationBits, method, weightGrid, rounding, target);
    }

    /** The same with another grid. */
    public QuantizationSettings withWeightGrid(WeightGrid grid) {
        return new QuantizationSettings(weightBits, activationBits, range, grid, rounding, target);
    }

    /** The same with another rounding. */
    public QuantizationSettings withRounding(RoundingMethod method) {
        return new QuantizationSettings(weightBits, activationBits, range, weightGrid, method, target);
    }
}
