package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.Arrays;
import java.util.Locale;

/** What a quantized network is made for. It decides which values become integers, and which integers. */
public enum Target {
    /**
     * Comparison with the literature, by the policy of ZeroQ and DSG: weights per output channel, from the smallest to
     * the largest; what every activation function makes. Everything else stays as it is: the input, the sums of residual
     * branches before their ReLU, pooled features, logits, biases and BatchNorm. A runtime has to compute such a network
     * in floats.
     */
    REFERENCE,
    /**
     * Integer arithmetic in ONNX Runtime. BatchNorm is folded away. Whatever a convolution or fully connected layer reads
     * is quantized, and what sums and means read, these to 8 bits, since no multiplication gains by fewer; so is the
     * network's input, which is an image of 8 bits. Activations have a range with 0 and unsigned integers, weights signed
     * integers and zero point 0, one scale an output channel, biases 32 bits in steps of the accumulator.
     */
    ONNXRUNTIME;

    /** The rules that this target means. */
    public QuantizationPolicy policy() {
        return switch (this) {
            case REFERENCE -> new ReferencePolicy();
            case ONNXRUNTIME -> new IntegerPolicy();
        };
    }

    /** What weights are rounded to unless something else is asked for. */
    public WeightGrid usualGrid() {
        return switch (this) {
            case REFERENCE -> WeightGrid.MIN_MAX;
            case ONNXRUNTIME -> WeightGrid.SYMMETRIC;
        };
    }

    /** The name in settings and files, such as {@code onnxruntime}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The target whose {@link #text} is {@code text}. */
    static Target parse(String field, String text) {
        return Arrays.stream(values())
                .filter(target -> target.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        Kind.CORRUPT_FILE,
                        field,
                        text,
                        "one of " + Arrays.stream(values()).map(Target::text).toList()));
    }
}
