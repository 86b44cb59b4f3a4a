package dev.dsg.contracts.catalog;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.store.ObjectRef;
import java.util.List;

/**
 * What is known about a labelled test set: {@code datasets/NAME/dataset.json}.
 *
 * @param name its name
 * @param classes names of the classes, in the order of the labels
 * @param image the shape of one image
 * @param count number of images in all shards
 * @param source where it was fetched from
 * @param shards its parts, in order
 */
public record DatasetCard(
        String name, List<String> classes, ImageShape image, int count, String source, List<Shard> shards) {

    /**
     * A part of the set.
     *
     * @param object where it lies
     * @param count number of images in it
     */
    public record Shard(ObjectRef object, int count) {
        /** Refuses a missing object and an empty shard. */
        public Shard {
            Require.present("object", object);
            Require.atLeast("count", count, 1);
        }
    }

    /** Refuses missing parts, and shards that do not add up. */
    public DatasetCard {
        Require.name("name", name);
        classes = Require.list("classes", classes, 2);
        Require.present("image", image);
        Require.text("source", source);
        shards = Require.list("shards", shards, 1);
        long sum = shards.stream().mapToLong(Shard::count).sum();
        if (count != sum) {
            throw DsgException.invalid("count", count, sum + ", the sum of the shards");
        }
    }

    /**
     * Returns if this set can measure a network.
     *
     * @throws DsgException {@code CLASSES_DO_NOT_FIT} if their classes or their image shapes differ
     */
    public void requireFit(ModelCard model) {
        if (!image.equals(model.inputShape())) {
            throw unfit(image, "the input shape of " + model.name() + ", " + model.inputShape());
        }
        if (!classes.equals(model.classes())) {
            throw unfit(classes, "the classes of " + model.name() + ", " + model.classes());
        }
    }

    private DsgException unfit(Object found, String expected) {
        return new DsgException(ErrorCode.CLASSES_DO_NOT_FIT, "evaluation.dataset", name + " with " + found, expected);
    }
}
