package dev.dsg.standalone.measure;

import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.engine.quantization.QuantizationSettings;
import dev.dsg.engine.quantization.RangeMethod;
import dev.dsg.engine.quantization.RoundingMethod;
import java.util.Arrays;

/**
 * One way to quantize in a study.
 *
 * @param weightBits 2..8
 * @param activationBits 2..8
 * @param range the name of a {@link RangeMethod}
 * @param rounding the name of a {@link RoundingMethod}
 */
record StudiedQuantization(int weightBits, int activationBits, String range, String rounding) {

    /** @param seed of what the rounding draws */
    PostTrainingQuantizer quantizer(long seed) {
        RangeMethod method = Arrays.stream(RangeMethod.values())
                .filter(one -> one.text().equals(range))
                .findFirst()
                .orElseThrow();
        return new PostTrainingQuantizer(QuantizationSettings.of(weightBits, activationBits)
                .withRange(method)
                .withRounding(RoundingMethod.named(rounding, seed)));
    }

    Widths widths() {
        return new Widths(weightBits, activationBits);
    }

    /** Such as {@code mse squant}. */
    String way() {
        return range + " " + rounding;
    }
}
