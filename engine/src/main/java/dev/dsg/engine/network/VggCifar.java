package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.Layers.Flow;
import java.util.List;

/**
 * VGG-16 with BatchNorm for images of 32 x 32 (after Simonyan and Zisserman, 2015, configuration D): 13 convolutions
 * with bias, five maximum pools, and three fully connected layers of 512, 512 and {@code classes}. The names are the
 * positions in two sequences, {@code features} and {@code classifier}.
 *
 * @param classes the number of classes, at least 2
 */
public record VggCifar(int classes) implements Network {

    /** Channels of the convolutions of each stage; a pool follows each. */
    private static final List<List<Integer>> STAGES = List.of(
            List.of(64, 64), List.of(128, 128), List.of(256, 256, 256), List.of(512, 512, 512), List.of(512, 512, 512));

    public VggCifar {
        Layers.requireClasses(classes);
    }

    @Override
    public int side() {
        return 32;
    }

    @Override
    public String classifier() {
        return "classifier.6";
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source, new Op.Relu(), 1e-5, true);
        Flow x = layers.input();
        int at = 0;
        for (List<Integer> stage : STAGES) {
            for (int channels : stage) {
                Names names = new Names("features." + at, "features." + (at + 1), "features." + (at + 2));
                x = layers.block(names, x, channels, same(3));
                at += 3;
            }
            x = layers.maxPool("features." + at++, x, 2, 2, 0);
        }
        x = layers.activate("classifier.2", layers.gemm("classifier.1", layers.flatten(x), 512));
        x = layers.activate("classifier.5", layers.gemm("classifier.4", x, 512));
        layers.gemm("classifier.6", x, classes);
        return layers.build();
    }
}
