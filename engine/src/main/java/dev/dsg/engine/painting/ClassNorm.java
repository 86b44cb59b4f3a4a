package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;

/**
 * Batch normalisation whose scale and shift are those of the image's class (Dumoulin et al., 2017, section 2.2).
 *
 * @param scale {@code [classes, channels]}
 * @param shift {@code [classes, channels]}
 * @param epsilon what is added to the variance
 */
public record ClassNorm(AdamLeaf scale, AdamLeaf shift, double epsilon) {

    /** Starts with scale 1 and shift 0 for every class. */
    public static ClassNorm of(Learned learned, String name, int classes, int channels, double epsilon) {
        return new ClassNorm(
                learned.filled(name + ".scale", 1, classes, channels),
                learned.filled(name + ".shift", 0, classes, channels),
                epsilon);
    }

    /**
     * @param x {@code [batch, channels, h, w]}
     * @param classes {@code [batch, classes]}, one-hot
     */
    public Tensor apply(Tensor x, Tensor classes) {
        Tensor scales = classes.matMul(scale.value()).reshape(x.size(0), -1, 1, 1);
        Tensor shifts = classes.matMul(shift.value()).reshape(x.size(0), -1, 1, 1);
        return Norm.bare(x, epsilon).mul(scales).add(shifts);
    }
}
