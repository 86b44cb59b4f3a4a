package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How to quantize a network. Start with {@link #of} and change what shall be otherwise.
 *
 * @param weightBits width of the weights, unless there is a {@code weightBudget}
 * @param activationBits width of the activations
 * @param range how activation ranges are found
 * @param weightGrid what weights are rounded to
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for; {@link Target#ONNXRUNTIME} wants symmetric weights
 * @param edgeBits width of the weights of the first and the last layer and of what the last layer reads, if they shall
 *     have one of their own. (What the first layer reads is up to the target.)
 * @param equalization whether layers are made alike before, see {@link CrossLayerEqualization}
 * @param biasCorrection whether average errors are taken from biases afterwards, see {@link BiasCorrection}
 * @param weightBudget mean bits of all weights, 2..8, if layers shall have widths by their {@link Sensitivity} within it
 */
public record QuantizationSettings(
        BitWidth weightBits,
        BitWidth activationBits,
        RangeMethod range,
        WeightGrid weightGrid,
        RoundingMethod rounding,
        Target target,
        Optional<BitWidth> edgeBits,
        boolean equalization,
        boolean biasCorrection,
        OptionalDouble weightBudget) {

    public QuantizationSettings {
        if (target == Target.ONNXRUNTIME && weightGrid.symmetry() != Symmetry.SYMMETRIC) {
            String given = weightGrid.symmetry().name().toLowerCase(Locale.ROOT);
            throw new EngineException(
                    Kind.INVALID_SETTING, "weightSymmetry", given, "symmetric for target " + target.text());
        }
        if (weightBudget.isPresent() && !(weightBudget.getAsDouble() >= 2 && weightBudget.getAsDouble() <= 8)) {
            throw new EngineException(Kind.INVALID_SETTING, "weightBudget", weightBudget.getAsDouble(), "2..8");
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
                target,
                Optional.empty(),
                false,
                false,
                OptionalDouble.empty());
    }

    /** The same with another way to find ranges. */
    public QuantizationSettings withRange(RangeMethod method) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                method,
                weightGrid,
                rounding,
                target,
                edgeBits,
                equalization,
                biasCorrection,
                weightBudget);
    }

    /** The same with another grid. */
    public QuantizationSettings withWeightGrid(WeightGrid grid) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                grid,
                rounding,
                target,
                edgeBits,
                equalization,
                biasCorrection,
                weightBudget);
    }

    /** The same with another rounding. */
    public QuantizationSettings withRounding(RoundingMethod method) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                weightGrid,
                method,
                target,
                edgeBits,
                equalization,
                biasCorrection,
                weightBudget);
    }

    /** The same with another width of the first and the last layer. */
    public QuantizationSettings withEdgeBits(int bits) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                weightGrid,
                rounding,
                target,
                Optional.of(new BitWidth(bits)),
                equalization,
                biasCorrection,
                weightBudget);
    }

    /** The same with layers made alike before, or not. */
    public QuantizationSettings withEqualization(boolean wanted) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                weightGrid,
                rounding,
                target,
                edgeBits,
                wanted,
                biasCorrection,
                weightBudget);
    }

    /** The same with average errors taken from biases afterwards, or not. */
    public QuantizationSettings withBiasCorrection(boolean wanted) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                weightGrid,
                rounding,
                target,
                edgeBits,
                equalization,
                wanted,
                weightBudget);
    }

    /** The same with a budget of mean bits a weight. */
    public QuantizationSettings withWeightBudget(double bits) {
        return new QuantizationSettings(
                weightBits,
                activationBits,
                range,
                weightGrid,
                rounding,
                target,
                edgeBits,
                equalization,
                biasCorrection,
                OptionalDouble.of(bits));
    }

    /** The widths of activations. */
    ActivationBits widths() {
        return new ActivationBits(activationBits, edgeBits.orElse(activationBits));
    }
}
