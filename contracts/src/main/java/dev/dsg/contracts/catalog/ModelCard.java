package dev.dsg.contracts.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.store.ObjectRef;
import java.util.List;

/**
 * What is known about a network: {@code models/NAME/model.json}.
 *
 * @param name its name
 * @param format what its file is; safetensors where the card does not say
 * @param architecture the builder of its graph, such as {@code resnet20-cifar}; {@code null} if the file holds the graph
 * @param inputShape the shape of one image
 * @param geometry how images of other sizes come to that shape; {@code null} if images have it already
 * @param mean what is subtracted from each channel of an image in [0, 1]
 * @param std what each channel is then divided by
 * @param classes names of the classes, in the order of the logits
 * @param licence an SPDX expression, or where to read it
 * @param weights the file
 * @param training where they come from, if that is known
 */
public record ModelCard(
        String name,
        ModelFormat format,
        @JsonInclude(JsonInclude.Include.NON_NULL) String architecture,
        ImageShape inputShape,
        @JsonInclude(JsonInclude.Include.NON_NULL) Geometry geometry,
        List<Double> mean,
        List<Double> std,
        List<String> classes,
        String licence,
        ObjectRef weights,
        @JsonInclude(JsonInclude.Include.NON_NULL) Training training) {

    /**
     * Where weights come from.
     *
     * @param dataset what they were trained on
     * @param recipe how, in a line
     * @param seed the seed
     * @param top1 share of the test set that they get right
     */
    public record Training(String dataset, String recipe, long seed, double top1) {
        /** Refuses missing parts and shares that are none. */
        public Training {
            Require.name("training.dataset", dataset);
            Require.text("training.recipe", recipe);
            Require.within("training.top1", top1, 0, 1);
        }
    }

    /** Refuses missing parts, and normalisation that does not fit the channels. */
    public ModelCard {
        Require.name("name", name);
        format = format == null ? ModelFormat.SAFETENSORS : format;
        requireArchitecture(format, architecture);
        Require.present("inputShape", inputShape);
        if (geometry != null) {
            geometry.requireFit(inputShape);
        }
        mean = perChannel("mean", mean, inputShape);
        std = perChannel("std", std, inputShape);
        std.forEach(value -> Require.within("std", value, Float.MIN_NORMAL, Float.MAX_VALUE));
        classes = Require.list("classes", classes, 2);
        Require.text("licence", licence);
        Require.present("weights", weights);
    }

    private static void requireArchitecture(ModelFormat format, String architecture) {
        if (!format.holdsGraph()) {
            Require.name("architecture", architecture);
        } else if (architecture != null) {
            throw DsgException.invalid(
                    "architecture", architecture, "none, for the graph is in the " + format.wireName() + " file");
        }
    }

    private static List<Double> perChannel(String field, List<Double> values, ImageShape shape) {
        List<Double> copy = Require.list(field, values, 1);
        if (copy.size() != shape.channels()) {
            throw DsgException.invalid(field, copy.size() + " values", shape.channels() + ", one per channel");
        }
        return copy;
    }
}
