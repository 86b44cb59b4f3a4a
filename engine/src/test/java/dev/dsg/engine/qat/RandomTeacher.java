package dev.dsg.engine.qat;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import java.util.Arrays;
import java.util.Random;

/** Two convolutions with BatchNorm, a mean over the image and a classifier, all random. */
final class RandomTeacher {

    static final int LAYERS = 2;

    private RandomTeacher() {}

    static Graph of(int channels, int classes) {
        Random random = new Random(3);
        GraphBuilder g = new GraphBuilder((name, shape) -> {
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            for (int i = 0; i < values.length; i++) {
                boolean small = !name.startsWith("classifier.weight");
                values[i] = (float)
                        (name.endsWith("running_var")
                                ? 0.5 + random.nextDouble()
                                : (name.startsWith("norm") && name.endsWith("weight") ? 1 : 0)
                                        + random.nextGaussian() / (small ? 5 : 0.5));
            }
            return new HostTensor(shape, values);
        });
        String x = g.input("input");
        x = g.add("relu1", new Op.Relu(), g.batchNorm("norm1", g.conv("conv1", x, channels, 6, 3, 1, 1), 6));
        x = g.add("relu2", new Op.Relu(), g.batchNorm("norm2", g.conv("conv2", x, 6, 8, 3, 2, 1), 8));
        x = g.add("flat", new Op.Flatten(), g.add("pool", new Op.GlobalAveragePool(), x));
        g.gemm("classifier", x, 8, classes);
        return g.build();
    }
}
