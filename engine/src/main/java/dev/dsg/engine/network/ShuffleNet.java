package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.Layers.Flow;
import java.util.List;
import java.util.Map;

/**
 * ShuffleNet, the first version, at width 1 (Zhang et al., 2018, table 1), as pytorchcv builds and names it: three stages
 * of bottlenecks with grouped 1x1 convolutions and a depthwise 3x3 between them, where channels are shuffled among the
 * groups. The first unit of a stage halves the image and puts the average pool of its input beside its channels.
 *
 * @param groups of the 1x1 convolutions: 1, 2, 3, 4 or 8; with 1 nothing is shuffled
 * @param classes the number of classes, at least 2
 */
public record ShuffleNet(int groups, int classes) implements Network {

    private static final List<Integer> UNITS = List.of(4, 8, 4);
    /** Channels of the first stage; each stage doubles them. */
    private static final Map<Integer, Integer> CHANNELS = Map.of(1, 144, 2, 200, 3, 240, 4, 272, 8, 384);

    public ShuffleNet {
        if (!CHANNELS.containsKey(groups)) {
            throw new IllegalArgumentException("groups " + groups + " is not 1, 2, 3, 4 or 8");
        }
        Layers.requireClasses(classes);
    }

    @Override
    public String classifier() {
        return "output";
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source);
        Flow x = layers.block(Names.within("features.init_block"), layers.input(), 24, same(3).stride(2));
        x = layers.maxPool("features.init_block.pool", x, 3, 2, 1);
        for (int stage = 1; stage <= UNITS.size(); stage++) {
            for (int unit = 1; unit <= UNITS.get(stage - 1); unit++) {
                int compressGroups = stage == 1 && unit == 1 ? 1 : groups;
                String name = "features.stage" + stage + ".unit" + unit;
                x = unit(layers, name, x, CHANNELS.get(groups) << (stage - 1), unit == 1, compressGroups);
            }
        }
        return layers.classify(classifier(), x, classes);
    }

    private Flow unit(Layers layers, String name, Flow x, int out, boolean halve, int compressGroups) {
        int made = halve ? out - x.channels() : out;
        Flow y = layers.block(names(name, "compress", 1), x, out / 4, same(1).groups(compressGroups));
        if (groups > 1) {
            y = layers.apply(name + ".c_shuffle", new Op.ChannelShuffle(groups), y);
        }
        Kernel depthwise = same(3).stride(halve ? 2 : 1).groups(y.channels());
        y = layers.linear(names(name, "dw", 2), y, y.channels(), depthwise);
        y = layers.linear(names(name, "expand", 3), y, made, same(1).groups(groups));
        Flow joined = halve
                ? layers.concat(name + ".concat", List.of(y, layers.averagePool(name + ".avgpool", x, 3, 2, 1)))
                : layers.add(name + ".add", y, x);
        return layers.activate(name + ".activ", joined);
    }

    private static Names names(String unit, String role, int index) {
        String prefix = unit + "." + role;
        return new Names(prefix + "_conv" + index, prefix + "_bn" + index, prefix + "_activ" + index);
    }
}
