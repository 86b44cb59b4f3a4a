package dev.dsg.engine.synthesis;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Safetensors;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.HostTensor;
import java.util.Arrays;

/**
 * How far the statistics may deviate for free at each BatchNorm layer: the percentile, over channels and Gaussian
 * images, of the deviations that a Gaussian probe shows (DSG, CVPR 2021, section on slack distribution alignment).
 *
 * @param mean {@code [layers]}: delta, the slack of per-image means
 * @param deviation {@code [layers]}: gamma, the slack of per-image standard deviations
 */
public record Margins(float[] mean, float[] deviation) {

    /** No slack in {@code layers} layers. */
    public static Margins none(int layers) {
        return new Margins(new float[layers], new float[layers]);
    }

    /** The {@code share}-percentile of {@code values}, interpolated linearly between neighbours. */
    static float percentile(float[] values, double share) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return (float) (sorted[below] + (at - below) * (sorted[above] - sorted[below]));
    }

    /** As a safetensors file. */
    public byte[] toSafetensors() {
        return new SafetensorsWriter()
                .floats("mean", new HostTensor(new long[] {mean.length}, mean))
                .floats("deviation", new HostTensor(new long[] {deviation.length}, deviation))
                .toBytes();
    }

    /** Reads what {@link #toSafetensors} wrote. */
    public static Margins fromSafetensors(byte[] bytes) {
        Safetensors file = Safetensors.parse(bytes);
        return new Margins(
                file.floats("mean").values(), file.floats("deviation").values());
    }

    Margins requireLayers(int layers) {
        if (mean.length != layers || deviation.length != layers) {
            throw new EngineException(Kind.CORRUPT_FILE, "margins", mean.length + " layers", layers + " layers");
        }
        return this;
    }
}
