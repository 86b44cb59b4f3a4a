package dev.dsg.engine.network;

import static dev.dsg.engine.network.Kernel.same;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.network.Layers.Flow;
import java.util.List;

/**
 * MobileNetV2 at width 1 (Sandler et al., 2018, table 2): 17 inverted residuals, each a 1x1 convolution that widens
 * sixfold, a depthwise 3x3 and a linear 1x1 that narrows. The first does not widen; pytorchcv gives it a 1x1 convolution
 * of the same width all the same, and classifies with a 1x1 convolution without bias.
 *
 * @param classes the number of classes, at least 2
 * @param keys whose names the layers have, and whose variant it is
 */
public record MobileNetV2(int classes, Keys keys) implements Network {

    /** Units in a row with the same channels; the first of them has the stride. */
    private record Group(int channels, int units, int stride) {}

    private static final List<Group> GROUPS = List.of(
            new Group(16, 1, 1),
            new Group(24, 2, 2),
            new Group(32, 3, 2),
            new Group(64, 4, 2),
            new Group(96, 3, 1),
            new Group(160, 3, 2),
            new Group(320, 1, 1));

    /**
     * Where a unit is.
     *
     * @param index among all, from 1
     * @param group from 0
     * @param unit within the group, from 0
     * @param stage groups of one resolution are a stage, from 1
     * @param unitOfStage from 1
     */
    private record Place(int index, int group, int unit, int stage, int unitOfStage) {

        private boolean first() {
            return index == 1;
        }
    }

    /** Whose names the layers have. */
    public enum Keys {
        TORCHVISION(Names.sequence("features.0"), Names.sequence("features.18"), "classifier.1"),
        TIMM(new Names("conv_stem", "bn1", "bn1.act"), new Names("conv_head", "bn2", "bn2.act"), "classifier"),
        PYTORCHCV(Names.within("features.init_block"), Names.within("features.final_block"), "output");

        private final Names stem;
        private final Names head;
        private final String classifier;

        Keys(Names stem, Names head, String classifier) {
            this.stem = stem;
            this.head = head;
            this.classifier = classifier;
        }

        private String unit(Place place) {
            return switch (this) {
                case TORCHVISION -> "features." + place.index();
                case TIMM -> "blocks." + place.group() + "." + place.unit();
                case PYTORCHCV -> "features.stage" + place.stage() + ".unit" + place.unitOfStage();
            };
        }

        private Names widening(Place place) {
            return switch (this) {
                case TORCHVISION -> Names.sequence(unit(place) + ".conv.0");
                case TIMM -> timm(place, "conv_pw", 1);
                case PYTORCHCV -> Names.within(unit(place) + ".conv1");
            };
        }

        private Names depthwise(Place place) {
            return switch (this) {
                case TORCHVISION -> Names.sequence(unit(place) + (place.first() ? ".conv.0" : ".conv.1"));
                case TIMM -> timm(place, "conv_dw", place.first() ? 1 : 2);
                case PYTORCHCV -> Names.within(unit(place) + ".conv2");
            };
        }

        private Names narrowing(Place place) {
            return switch (this) {
                case TORCHVISION -> {
                    int at = place.first() ? 1 : 2;
                    String conv = unit(place) + ".conv.";
                    yield Names.linear(conv + at, conv + (at + 1));
                }
                case TIMM -> place.first() ? timm(place, "conv_pw", 2) : timm(place, "conv_pwl", 3);
                case PYTORCHCV -> Names.within(unit(place) + ".conv3");
            };
        }

        private Names timm(Place place, String conv, int batchNorm) {
            String bn = unit(place) + ".bn" + batchNorm;
            return new Names(unit(place) + "." + conv, bn, bn + ".act");
        }
    }

    public MobileNetV2 {
        Layers.requireClasses(classes);
    }

    @Override
    public String classifier() {
        return keys.classifier;
    }

    @Override
    public Graph build(GraphBuilder.Source source) {
        Layers layers = new Layers(source, new Op.Clip(0, 6), 1e-5, false);
        Flow x = layers.block(keys.stem, layers.input(), 32, same(3).stride(2));
        int index = 0;
        int stage = 1;
        int unitOfStage = 0;
        for (int group = 0; group < GROUPS.size(); group++) {
            for (int unit = 0; unit < GROUPS.get(group).units(); unit++) {
                int stride = unit == 0 ? GROUPS.get(group).stride() : 1;
                stage += stride - 1;
                unitOfStage = stride == 1 ? unitOfStage + 1 : 1;
                Place place = new Place(++index, group, unit, stage, unitOfStage);
                x = unit(layers, place, x, GROUPS.get(group).channels(), stride);
            }
        }
        x = layers.block(keys.head, x, 1280, same(1));
        return keys == Keys.PYTORCHCV
                ? layers.classifyByConvolution(keys.classifier, x, classes)
                : layers.classify(keys.classifier, x, classes);
    }

    private Flow unit(Layers layers, Place place, Flow x, int out, int stride) {
        Flow y = x;
        if (!place.first() || keys == Keys.PYTORCHCV) {
            y = layers.block(keys.widening(place), y, place.first() ? x.channels() : 6 * x.channels(), same(1));
        }
        Kernel depthwise = same(3).stride(stride).groups(y.channels());
        y = layers.block(keys.depthwise(place), y, y.channels(), depthwise);
        y = layers.linear(keys.narrowing(place), y, out, same(1));
        return stride == 1 && x.channels() == out ? layers.add(keys.unit(place) + ".add", y, x) : y;
    }
}
