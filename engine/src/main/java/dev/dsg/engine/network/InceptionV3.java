package dev.dsg.engine.network;

import static dev.dsg.engine.network.InceptionBranch.averaged;
import static dev.dsg.engine.network.InceptionBranch.branch;
import static dev.dsg.engine.network.InceptionBranch.forkedBranch;
import static dev.dsg.engine.network.InceptionBranch.maximum;
import static dev.dsg.engine.network.InceptionBranch.step;
import static dev.dsg.engine.network.Kernel.same;
import static dev.dsg.engine.network.Kernel.valid;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.InceptionBranch.Pool;
import dev.dsg.engine.network.InceptionBranch.Step;
import dev.dsg.engine.network.Layers.Flow;
import java.util.ArrayList;
import java.util.List;

/**
 * Inception version 3 (Szegedy et al., 2016, table 1): a stem of five convolutions, then eleven units whose branches see
 * the same input in windows of different form and lie side by side in the output. Made for images of 299 x 299; BatchNorm
 * has epsilon 1e-3. torchvision's pretrained weights expect images with mean 0.5 and deviation 0.5 in each channel, which
 * it arranges inside its network ({@code transform_input}).
 *
 * @param classes the number of classes, at least 2
 * @param keys whose names the layers have
 */
public record InceptionV3(int classes, Keys keys) implements Network {

    private static final double EPSILON = 1e-3;

    /** Units of one resolution; torchvision numbers them from 5 and letters the units. */
    private static final List<List<List<InceptionBranch>>> STAGES = List.of(
            List.of(narrow(32), narrow(64), narrow(64)),
            List.of(reduceTo768(), wide(128), wide(160), wide(160), wide(192)),
            List.of(reduceTo1280(), forked(), forked()));

    private static List<InceptionBranch> narrow(int pooled) {
        return List.of(
                branch("branch1x1", step(64, same(1))),
                branch("branch5x5", step(48, same(1)), step(64, same(5))),
                branch("branch3x3dbl", step(64, same(1)), step(96, same(3)), step(96, same(3))),
                averaged(pooled));
    }

    private static List<InceptionBranch> reduceTo768() {
        return List.of(
                branch("branch3x3", step(384, valid(3).stride(2))),
                branch("branch3x3dbl", step(64, same(1)), step(96, same(3)), step(96, valid(3).stride(2))),
                maximum());
    }

    private static List<InceptionBranch> wide(int mid) {
        return List.of(
                branch("branch1x1", step(192, same(1))),
                branch("branch7x7", step(mid, same(1)), step(mid, same(1, 7)), step(192, same(7, 1))),
                branch(
                        "branch7x7dbl",
                        step(mid, same(1)),
                        step(mid, same(7, 1)),
                        step(mid, same(1, 7)),
                        step(mid, same(7, 1)),
                        step(192, same(1, 7))),
                averaged(192));
    }

    private static List<InceptionBranch> reduceTo1280() {
        return List.of(
                branch("branch3x3", step(192, same(1)), step(320, valid(3).stride(2))),
                branch(
                        "branch7x7x3",
                        step(192, same(1)),
                        step(192, same(1, 7)),
                        step(192, same(7, 1)),
                        step(192, valid(3).stride(2))),
                maximum());
    }

    private static List<InceptionBranch> forked() {
        return List.of(
                branch("branch1x1", step(320, same(1))),
                forkedBranch("branch3x3", step(384, same(1))),
                forkedBranch("branch3x3dbl", step(448, same(1)), step(384, same(3))),
                averaged(192));
    }

    /** Whose names the layers have. */
    public enum Keys {
        /** torchvision, and timm's {@code inception_v3}. */
        TORCHVISION("fc") {
            private static final List<String> STEM = List.of("1a_3x3", "2a_3x3", "2b_3x3", "3b_1x1", "4a_3x3");

            @Override
            Names stem(int index) {
                return Names.within("Conv2d_" + STEM.get(index - 1));
            }

            @Override
            String unit(int stage, int unit) {
                return "Mixed_" + (stage + 4) + "abcde".charAt(stage == 1 ? unit : unit - 1);
            }

            @Override
            Names step(String unit, int branch, InceptionBranch what, int index) {
                boolean only = what.steps().size() == 1 && !what.fork();
                return Names.within(unit + "." + what.name() + (only ? "" : "_" + index));
            }

            @Override
            Names fork(String unit, int branch, InceptionBranch what, boolean flat) {
                int index = what.steps().size() + 1;
                return Names.within(unit + "." + what.name() + "_" + index + (flat ? "a" : "b"));
            }
        },
        PYTORCHCV("output.fc") {
            @Override
            Names stem(int index) {
                return Names.within("features.init_block.conv" + index);
            }

            @Override
            String unit(int stage, int unit) {
                return "features.stage" + stage + ".unit" + unit;
            }

            @Override
            Names step(String unit, int branch, InceptionBranch what, int index) {
                boolean pointwise = what.steps().getFirst().kernel().size().area() == 1;
                boolean only = what.steps().size() == 1 && pointwise && !what.fork();
                return Names.within(prefix(unit, branch) + (only ? ".conv" : ".conv_list.conv" + index));
            }

            @Override
            Names fork(String unit, int branch, InceptionBranch what, boolean flat) {
                return Names.within(prefix(unit, branch) + (flat ? ".conv1x3" : ".conv3x1"));
            }

            private String prefix(String unit, int branch) {
                return unit + ".branches.branch" + branch;
            }
        };

        private final String classifier;

        Keys(String classifier) {
            this.classifier = classifier;
        }

        abstract Names stem(int index);

        abstract String unit(int stage, int unit);

        abstract Names step(String unit, int branch, InceptionBranch what, int index);

        /** The 1x3 convolution at the end of a forked branch if {@code flat}, else the 3x1. */
        abstract Names fork(String unit, int branch, InceptionBranch what, boolean flat);
    }

    public InceptionV3 {
        Layers.requireClasses(classes);
    }

    @Override
    public int side() {
        return 299;
    }

    @Override
    public String classifier() {
        return keys.classifier;
    }

    /** torchvision stores a second classifier that helps training only. */
    @Override
    public boolean onlyForTraining(String key) {
        return key.startsWith("AuxLogits.") || Network.super.onlyForTraining(key);
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source, new Op.Relu(), EPSILON, false);
        Flow x = stem(layers);
        for (int stage = 1; stage <= STAGES.size(); stage++) {
            List<List<InceptionBranch>> units = STAGES.get(stage - 1);
            for (int unit = 1; unit <= units.size(); unit++) {
                x = unit(layers, keys.unit(stage, unit), x, units.get(unit - 1));
            }
        }
        return layers.classify(keys.classifier, x, classes);
    }

    private Flow stem(Layers layers) {
        Flow x = layers.block(keys.stem(1), layers.input(), 32, valid(3).stride(2));
        x = layers.block(keys.stem(2), x, 32, valid(3));
        x = layers.block(keys.stem(3), x, 64, same(3));
        x = layers.maxPool("maxpool1", x, 3, 2, 0);
        x = layers.block(keys.stem(4), x, 80, same(1));
        x = layers.block(keys.stem(5), x, 192, valid(3));
        return layers.maxPool("maxpool2", x, 3, 2, 0);
    }

    private Flow unit(Layers layers, String name, Flow x, List<InceptionBranch> branches) {
        List<Flow> parts = new ArrayList<>();
        for (int branch = 1; branch <= branches.size(); branch++) {
            InceptionBranch what = branches.get(branch - 1);
            Flow y = pool(layers, name, what.pool(), x);
            for (int index = 1; index <= what.steps().size(); index++) {
                Step step = what.steps().get(index - 1);
                y = layers.block(keys.step(name, branch, what, index), y, step.out(), step.kernel());
            }
            if (what.fork()) {
                parts.add(layers.block(keys.fork(name, branch, what, true), y, y.channels(), same(1, 3)));
                parts.add(layers.block(keys.fork(name, branch, what, false), y, y.channels(), same(3, 1)));
            } else {
                parts.add(y);
            }
        }
        return layers.concat(name + ".concat", parts);
    }

    private static Flow pool(Layers layers, String unit, Pool pool, Flow x) {
        return switch (pool) {
            case NONE -> x;
            case AVERAGE -> layers.averagePool(unit + ".avgpool", x, 3, 1, 1);
            case MAXIMUM -> layers.maxPool(unit + ".maxpool", x, 3, 2, 0);
        };
    }
}
