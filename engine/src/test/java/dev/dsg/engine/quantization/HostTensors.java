package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** Values for tests. */
final class HostTensors {

    private HostTensors() {}

    static HostTensor filled(long[] shape, float value) {
        float[] values = new float[count(shape)];
        Arrays.fill(values, value);
        return new HostTensor(shape, values);
    }

    static HostTensor random(long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new HostTensor(shape, values);
    }

    static Tensor gaussian(long seed, long... shape) {
        return Tensor.of(random(seed, shape).values(), shape);
    }

    private static int count(long[] shape) {
        return (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
