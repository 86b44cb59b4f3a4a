package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.Layers.Flow;
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
 * @param keys whose names the layers have
 */
public record CifarResNet(int depth, Shortcut shortcut, int classes, Keys keys) implements Network {

    /** Option A of the paper has no parameters; option B projects. */
    public enum Shortcut {
        /** Every second row and column, zero channels on both sides. */
        A,
        /** A 1x1 convolution with stride 2 and BatchNorm. */
        B
    }

    /** Whose names the layers have. */
    public enum Keys {
        /** Those of torchvision, with {@code linear} at the end. */
        LINEAR(ResNetKeys.TORCHVISION, Names.numbered("", 1), "linear"),
        /** Those of torchvision. */
        FC(ResNetKeys.TORCHVISION, Names.numbered("", 1), "fc"),
        PYTORCHCV(ResNetKeys.PYTORCHCV, Names.within("features.init_block"), "output");

        private final ResNetKeys units;
        private final Names stem;
        private final String classifier;

        Keys(ResNetKeys units, Names stem, String classifier) {
            this.units = units;
            this.stem = stem;
            this.classifier = classifier;
        }
    }

    public CifarResNet {
        if (depth < 8 || (depth - 2) % 6 != 0) {
            throw new IllegalArgumentException("depth " + depth + " is not 6n + 2");
        }
        Layers.requireClasses(classes);
    }

    /** The network with the names the project's own weights have. */
    public CifarResNet(int depth, Shortcut shortcut, int classes) {
        this(depth, shortcut, classes, Keys.LINEAR);
    }

    @Override
    public int side() {
        return 32;
    }

    @Override
    public String classifier() {
        return keys.classifier;
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source);
        Flow x = layers.block(keys.stem, layers.input(), 16, same(3));
        for (int stage = 1; stage <= 3; stage++) {
            for (int unit = 1; unit <= (depth - 2) / 6; unit++) {
                x = unit(layers, keys.units.unit(stage, unit), x, 8 << stage);
            }
        }
        return layers.classify(keys.classifier, x, classes);
    }

    private Flow unit(Layers layers, String name, Flow x, int out) {
        boolean sameShape = x.channels() == out;
        Flow y = layers.block(keys.units.conv(name, 1), x, out, same(3).stride(sameShape ? 1 : 2));
        y = layers.linear(keys.units.conv(name, 2), y, out, same(3));
        Flow sum = layers.add(name + ".add", y, sameShape ? x : shortcut(layers, name, x, out));
        return layers.activate(name + ".relu2", sum);
    }

    private Flow shortcut(Layers layers, String name, Flow x, int out) {
        return switch (shortcut) {
            case A -> {
                int pad = (out - x.channels()) / 2;
                Flow sampled = layers.apply(name + ".subsample", new Op.Subsample(2), x);
                yield new Flow(
                        layers.apply(name + ".pad", new Op.PadChannels(pad, pad), sampled)
                                .node(),
                        out);
            }
            case B -> layers.linear(keys.units.shortcut(name), x, out, same(1).stride(2));
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
