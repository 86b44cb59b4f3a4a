package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import java.util.Locale;

/**
 * How to quantize a network. Start with {@link #of} and change what shall be otherwise.
 *
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param range how activation ranges are found
 * @param weightGrid what weights are rounded to
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for; {@link Target#ONNXRUNTIME} wants symmetric weights
 */
public record QuantizationSettings(
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod range,
        WeightGrid weightGrid,
        RoundingMethod rounding,
        Target target) {

    public QuantizationSettings {
        if (target == Target.ONNXRUNTIME && weightGrid.symmetry() != Symmetry.SYMMETRIC) {
            String given = weightGrid.symmetry().name().toLowerCase(Locale.ROOT);
            throw new EngineException(
                    Kind.INVALID_SETTING, "weightSymmetry", given, "symmetric for target " + target.text());
        }
    }

    /**
     * For {@link Target#REFERENCE}: ranges of least squared error, weights rounded to the nearest value on the target's
     * {@linkplain Target#usualGrid usual grid}.
     */
    public static QuantizationSettings of(int weightBits, int activationBits) {
        return of(Target.REFERENCE, weightBits, activationBits);
    }

    /** Likewise for {@code target}. */
    public static QuantizationSettings of(Target target, int weightBits, int activationBits) {
        return new QuantizationSettings(
                new BitWidth(weightBits),
                new BitWidth(activationBits),
                RangeMethod.MSE,
                target.usualGrid(),
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
