package dev.dsg.engine.quantization;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import java.util.Arrays;
import java.util.Locale;

/** How the range of an activation follows from its values on the calibration images. */
public enum RangeMethod {
    /** From the mean over the images of their smallest values to that of their largest, widened to hold 0. */
    SAMPLE_MEAN,
    /** From the smallest to the largest value of all, widened to hold 0. */
    MIN_MAX,
    /** From the 0.001th to the 99.999th percentile of all values, widened to hold 0. */
    PERCENTILE,
    /** From the smallest value to the best of 80 upper ends: the one that leaves the least squared error. */
    MSE;

    /**
     * A fresh observer of one activation.
     *
     * @param bits the width its values will be quantized to
     * @param images how many images it will see in all its batches together
     */
    RangeObserver observer(BitWidth bits, int images) {
        return switch (this) {
            case SAMPLE_MEAN -> new SampleMeanObserver();
            case MIN_MAX -> new MinMaxObserver();
            case PERCENTILE -> new PercentileObserver(images);
            case MSE -> new SquaredErrorObserver(bits);
        };
    }

    /** The name in files, such as {@code sample-mean}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The method whose {@link #text} is {@code text}. */
    static RangeMethod parse(String field, String text) {
        return Arrays.stream(values())
                .filter(method -> method.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new EngineException(
                        Kind.CORRUPT_FILE,
                        field,
                        text,
                        "one of "
                                + Arrays.stream(values()).map(RangeMethod::text).toList()));
    }
}
