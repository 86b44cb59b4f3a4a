package dev.dsg.engine.network;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import java.util.Arrays;
import java.util.Random;

/**
 * The CIFAR family of residual networks (He et al., 2016, section 4.2): a 3x3 convolution with 16 channels, three stages
 * of {@code (depth - 2) / 6} basic blocks with 16, 32 and 64 channels at 32x32, 16x16 and 8x8, global average pooling and
 * a fully connected layer. Input {@code [batch, 3, 32, 32]}, output {@code [batch, classes]}.
 *
 * @param depth 20, 32, 44 or 56
 * @param shortcut what joins stages of different shape
 * @param classes the number of classes, at least 2
 */
public record CifarResNet(int depth, Shortcut shortcut, int classes) {

    /** Option A of the paper has no parameters; option B projects. */
    public enum Shortcut {
        /** Every second row and column, zero channels on both sides. */
        A,
        /** A 1x1 convolution with stride 2 and BatchNorm. */
        B
    }

    public CifarResNet {
        if (depth < 8 || (depth - 2) % 6 != 0) {
            throw new IllegalArgumentException("depth " + depth + " is not 6n + 2");
        }
        if (classes < 2) {
            throw new IllegalArgumentException("classes " + classes + " is below 2");
        }
    }

    /** The network with the parameters of {@code source}, named as PyTorch's ResNets name them. */
    public Graph build(GraphBuilder.Source source) {
        GraphBuilder g = new GraphBuilder(source);
        String x = g.conv("conv1", g.input("input"), 3, 16, 3, 1, 1);
        x = g.add("relu1", new Op.Relu(), g.batchNorm("bn1", x, 16));
        int channels = 16;
        for (int stage = 1; stage <= 3; stage++) {
            int out = 8 << stage;
            for (int block = 0; block < (depth - 2) / 6; block++) {
                x = block(g, "layer" + stage + "." + block, x, channels, out);
                channels = out;
            }
        }
        x = g.add("flatten", new Op.Flatten(), g.add("pool", new Op.GlobalAveragePool(), x));
        g.gemm("linear", x, channels, classes);
        return g.build();
    }

    private String block(GraphBuilder g, String name, String x, int in, int out) {
        int stride = in == out ? 1 : 2;
        String y = g.conv(name + ".conv1", x, in, out, 3, stride, 1);
        y = g.add(name + ".relu1", new Op.Relu(), g.batchNorm(name + ".bn1", y, out));
        y = g.batchNorm(name + ".bn2", g.conv(name + ".conv2", y, out, out, 3, 1, 1), out);
        String sum = g.add(name + ".add", new Op.Add(), y, in == out ? x : shortcut(g, name, x, in, out));
        return g.add(name + ".relu2", new Op.Relu(), sum);
    }

    private String shortcut(GraphBuilder g, String name, String x, int in, int out) {
        return switch (shortcut) {
            case A -> {
                String sampled = g.add(name + ".subsample", new Op.Subsample(2), x);
                int pad = (out - in) / 2;
                yield g.add(name + ".pad", new Op.PadChannels(pad, pad), sampled);
            }
            case B -> g.batchNorm(name + ".downsample.1", g.conv(name + ".downsample.0", x, in, out, 1, 2, 0), out);
        };
    }

    /** He-normal convolutions (fan out), unit BatchNorm, uniform classifier, drawn from {@code random}. */
    public static GraphBuilder.Source randomInitialisation(Random random) {
        return (name, shape) -> {
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            if (shape.length == 4) {
                double deviation = Math.sqrt(2.0 / (shape[0] * shape[2] * shape[3]));
                fill(values, () -> random.nextGaussian() * deviation);
            } else if (name.startsWith("linear")) {
                double bound = 1 / Math.sqrt(64);
                fill(values, () -> (2 * random.nextDouble() - 1) * bound);
            } else if (name.endsWith(".weight") || name.endsWith(".running_var")) {
                Arrays.fill(values, 1);
            }
            return new HostTensor(shape, values);
        };
    }

    private static void fill(float[] values, java.util.function.DoubleSupplier next) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) next.getAsDouble();
        }
    }
}
