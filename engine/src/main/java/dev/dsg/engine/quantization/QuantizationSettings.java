package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.quantization.WeightGrid.Symmetry;
import java.util.Locale;
import java.util.Optional;

/**
 * How to quantize a network. Start with {@link #of} and change what shall be otherwise.
 *
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param range how activation ranges are found
 * @param weightGrid what weights are rounded to
 * @param rounding how weights are rounded
 * @param target what the quantized network is made for; {@link Target#ONNXRUNTIME} wants symmetric weights
 * @param edgeBits width of the weights of the first and the last layer and of what the last layer reads, if they shall
 *     have one of their own. (What the first layer reads is up to the target.)
 * @param equalization whether layers are made alike before, see {@link CrossLayerEqualization}
 * @param biasCorrection whether average errors are taken from biases afterwards, see {@link BiasCorrection}
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
        boolean biasCorrection) {

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
                target,
                Optional.empty(),
                false,
                false);
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
                biasCorrection);
    }

    /** The same with another grid. */
    public QuantizationSettings withWeightGrid(WeightGrid grid) {
        return new QuantizationSettings(
                weightBits, activationBits, range, grid, rounding, target, edgeBits, equalization, biasCorrection);
    }

    /** The same with another rounding. */
    public QuantizationSettings withRounding(RoundingMethod method) {
        return new QuantizationSettings(
                weightBits, activationBits, range, weightGrid, method, target, edgeBits, equalization, biasCorrection);
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
                biasCorrection);
    }

    /** The same with layers made alike before, or not. */
    public QuantizationSettings withEqualization(boolean wanted) {
        return new QuantizationSettings(
                weightBits, activationBits, range, weightGrid, rounding, target, edgeBits, wanted, biasCorrection);
    }

    /** The same with average errors taken from biases afterwards, or not. */
    public QuantizationSettings withBiasCorrection(boolean wanted) {
        return new QuantizationSettings(
                weightBits, activationBits, range, weightGrid, rounding, target, edgeBits, equalization, wanted);
    }

    /** The widths of activations. */
    ActivationBits widths() {
        return new ActivationBits(activationBits, edgeBits.orElse(activationBits));
    }
}
