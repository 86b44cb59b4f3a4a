package dev.dsg.engine.painting;

import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Batch normalisation by the statistics of the batch, scaled and shifted. It keeps no running statistics: these networks
 * paint only while they are trained.
 *
 * @param scale {@code [channels]}
 * @param shift {@code [channels]}
 * @param epsilon what is added to the variance
 */
public record Norm(AdamLeaf scale, AdamLeaf shift, double epsilon) {

    /** Starts with scale 1 and shift 0. */
    public static Norm of(Learned learned, String name, int channels, double epsilon) {
        return new Norm(
                learned.filled(name + ".scale", 1, channels), learned.filled(name + ".shift", 0, channels), epsilon);
    }

    /** {@code x [batch, channels, h, w]} normalised, scaled and shifted. */
    public Tensor apply(Tensor x) {
        return normalise(x, scale.value(), shift.value(), epsilon);
    }

    /** {@code x [batch, channels, h, w]} with mean 0 and deviation 1 in every channel of the batch. */
    public static Tensor bare(Tensor x, double epsilon) {
        int channels = Math.toIntExact(x.size(1));
        return normalise(x, constant(channels, 1), constant(channels, 0), epsilon);
    }

    private static Tensor normalise(Tensor x, Tensor scale, Tensor shift, double epsilon) {
        int channels = Math.toIntExact(x.size(1));
        return x.batchNorm(constant(channels, 0), constant(channels, 1), scale, shift, epsilon, true);
    }

    private static Tensor constant(int channels, float value) {
        float[] values = new float[channels];
        Arrays.fill(values, value);
        return Tensor.of(values, channels);
    }
}
