package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.network.Layers.Flow;
import java.util.List;

/**
 * SqueezeNext of 23 modules (Gholami et al., 2018, figure 9), as pytorchcv builds and names it: a 7x7 convolution, four
 * stages of units that squeeze twice by 1x1 convolutions and then see by a 1x3 and a 3x1. Every convolution has a bias
 * and is followed by BatchNorm and ReLU.
 *
 * @param width what the channels of the paper are multiplied by, 1 or 2
 * @param classes the number of classes, at least 2
 */
public record SqueezeNext(int width, int classes) implements Network {

    private static final List<Integer> UNITS = List.of(6, 6, 8, 1);

    public SqueezeNext {
        if (width < 1) {
            throw new IllegalArgumentException("width " + width + " is below 1");
        }
        Layers.requireClasses(classes);
    }

    @Override
    public String classifier() {
        return "output";
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source, new Op.Relu(), 1e-5, true);
        Names stem = Names.within("features.init_block.conv");
        Flow x =
                layers.block(stem, layers.input(), 64 * width, same(7).stride(2).padded(1));
        x = layers.apply(
                "features.init_block.pool",
                new Op.MaxPool(Window.square(3, 2, 0).withCeil()),
                x);
        for (int stage = 1; stage <= UNITS.size(); stage++) {
            for (int unit = 1; unit <= UNITS.get(stage - 1); unit++) {
                String name = "features.stage" + stage + ".unit" + unit;
                x = unit(layers, name, x, (16 << stage) * width, stage > 1 && unit == 1 ? 2 : 1);
            }
        }
        x = layers.block(Names.within("features.final_block"), x, 128 * width, same(1));
        return layers.classify(classifier(), x, classes);
    }

    private static Flow unit(Layers layers, String name, Flow x, int out, int stride) {
        boolean sameShape = stride == 1 && x.channels() <= out;
        int squeezed = x.channels() / (stride == 2 ? 1 : sameShape ? 2 : 4);
        Flow y = layers.block(Names.within(name + ".conv1"), x, squeezed, same(1).stride(stride));
        y = layers.block(Names.within(name + ".conv2"), y, squeezed / 2, same(1));
        y = layers.block(Names.within(name + ".conv3"), y, squeezed, same(1, 3));
        y = layers.block(Names.within(name + ".conv4"), y, squeezed, same(3, 1));
        y = layers.block(Names.within(name + ".conv5"), y, out, same(1));
        Flow beside =
                sameShape ? x : layers.block(Names.within(name + ".identity_conv"), x, out, same(1).stride(stride));
        return layers.activate(name + ".activ", layers.add(name + ".add", y, beside));
    }
}
