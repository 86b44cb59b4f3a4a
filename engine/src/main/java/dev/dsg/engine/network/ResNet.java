package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.network.Layers.Flow;
import java.util.List;

/**
 * Residual networks for ImageNet (He et al., 2016, table 1): a 7x7 convolution, a maximum pool, four stages of units with
 * 64, 128, 256 and 512 channels, times 4 at the end of a bottleneck, and a fully connected layer.
 *
 * @param units the number of units of each stage
 * @param unit what a unit is
 * @param classes the number of classes, at least 2
 * @param keys whose names the layers have
 */
public record ResNet(List<Integer> units, Unit unit, int classes, Keys keys) implements Network {

    /** What a unit is; weights of one kind fit the other bottleneck, too, but make another function of it. */
    public enum Unit {
        /** Two 3x3 convolutions. */
        BASIC(1),
        /** 1x1, 3x3, 1x1, where the first convolution has the stride: version 1, of the paper and pytorchcv. */
        BOTTLENECK_STRIDE_FIRST(4),
        /** 1x1, 3x3, 1x1, where the 3x3 convolution has the stride: version 1.5, of torchvision and timm. */
        BOTTLENECK_STRIDE_MIDDLE(4);

        private final int expansion;

        Unit(int expansion) {
            this.expansion = expansion;
        }
    }

    /** Whose names the layers have. */
    public enum Keys {
        /** torchvision and timm. */
        TORCHVISION(ResNetKeys.TORCHVISION, Names.numbered("", 1), "fc"),
        PYTORCHCV(ResNetKeys.PYTORCHCV, Names.within("features.init_block.conv"), "output");

        private final ResNetKeys units;
        private final Names stem;
        private final String classifier;

        Keys(ResNetKeys units, Names stem, String classifier) {
            this.units = units;
            this.stem = stem;
            this.classifier = classifier;
        }
    }

    public ResNet {
        units = List.copyOf(units);
        Layers.requireClasses(classes);
    }

    /** ResNet-18. */
    static ResNet resNet18(int classes, Keys keys) {
        return new ResNet(List.of(2, 2, 2, 2), Unit.BASIC, classes, keys);
    }

    /** ResNet-50, version 1. */
    static ResNet resNet50V1(int classes, Keys keys) {
        return new ResNet(List.of(3, 4, 6, 3), Unit.BOTTLENECK_STRIDE_FIRST, classes, keys);
    }

    /** ResNet-50, version 1.5. */
    static ResNet resNet50V15(int classes, Keys keys) {
        return new ResNet(List.of(3, 4, 6, 3), Unit.BOTTLENECK_STRIDE_MIDDLE, classes, keys);
    }

    @Override
    public String classifier() {
        return keys.classifier;
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source);
        Flow x = layers.block(keys.stem, layers.input(), 64, same(7).stride(2));
        x = layers.maxPool("maxpool", x, 3, 2, 1);
        for (int stage = 1; stage <= units.size(); stage++) {
            for (int unit = 1; unit <= units.get(stage - 1); unit++) {
                x = unit(layers, keys.units.unit(stage, unit), x, 32 << stage, stage > 1 && unit == 1 ? 2 : 1);
            }
        }
        return layers.classify(keys.classifier, x, classes);
    }

    private Flow unit(Layers layers, String name, Flow x, int width, int stride) {
        int out = width * unit.expansion;
        Names conv1 = keys.units.conv(name, 1);
        Names conv2 = keys.units.conv(name, 2);
        Names conv3 = keys.units.conv(name, 3);
        Flow y =
                switch (unit) {
                    case BASIC -> {
                        Flow first = layers.block(conv1, x, width, same(3).stride(stride));
                        yield layers.linear(conv2, first, out, same(3));
                    }
                    case BOTTLENECK_STRIDE_FIRST -> {
                        Flow first = layers.block(conv1, x, width, same(1).stride(stride));
                        yield layers.linear(conv3, layers.block(conv2, first, width, same(3)), out, same(1));
                    }
                    case BOTTLENECK_STRIDE_MIDDLE -> {
                        Flow first = layers.block(conv1, x, width, same(1));
                        yield layers.linear(
                                conv3, layers.block(conv2, first, width, same(3).stride(stride)), out, same(1));
                    }
                };
        boolean sameShape = stride == 1 && x.channels() == out;
        Flow beside = sameShape ? x : layers.linear(keys.units.shortcut(name), x, out, same(1).stride(stride));
        return layers.activate(name + ".relu", layers.add(name + ".add", y, beside));
    }
}
