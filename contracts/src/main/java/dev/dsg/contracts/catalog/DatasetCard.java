package dev.dsg.contracts.catalog;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is known about a labelled test set: {@code datasets/NAME/dataset.json}.
 *
 * @param name its name
 * @param classes names of the classes, in the order of the labels; their numbers from 0 if they have none
 * @param image the form of the images
 * @param count number of images in all shards
 * @param source where it was fetched from
 * @param shards its parts, in order
 */
public record DatasetCard(
        String name, List<String> classes, ImageForm image, int count, String source, List<Shard> shards) {

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

    /** What tells its images and labels from others: the digest of those of its shards, in order, as text. */
    public Sha256 digest() {
        return Sha256.digest(shards.stream()
                .map(shard -> shard.object().sha256().hex())
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns if this set can measure a network.
     *
     * @throws DsgException {@code CLASSES_DO_NOT_FIT} if their classes or their images differ
     */
    public void requireFit(ModelCard model) {
        if (!image.fits(model)) {
            throw unfit(
                    "images of " + image,
                    "the input shape of " + model.name() + ", "
                            + ImageForm.of(model.inputShape())
                            + (model.geometry() == null ? ", for its card has no geometry that resizes images" : ""));
        }
        requireClasses(model);
    }

    /** Classes must have the same names in the same order; where one side has no names, there must be as many. */
    private void requireClasses(ModelCard model) {
        boolean named = named(classes) && named(model.classes());
        if (classes.size() != model.classes().size()) {
            throw unfit(classes.size() + " classes", "the " + model.classes().size() + " classes of " + model.name());
        }
        for (int i = 0; named && i < classes.size(); i++) {
            String expected = model.classes().get(i);
            if (!classes.get(i).equals(expected)) {
                throw unfit(
                        "class " + i + " named " + classes.get(i),
                        "the classes of " + model.name() + " in their order, " + expected);
            }
        }
    }

    /** Whether classes have names, and not just their numbers. */
    private static boolean named(List<String> classes) {
        return IntStream.range(0, classes.size()).anyMatch(i -> !classes.get(i).equals(Integer.toString(i)));
    }

    private DsgException unfit(Object found, String expected) {
        return new DsgException(ErrorCode.CLASSES_DO_NOT_FIT, "evaluation.dataset", name + " with " + found, expected);
    }
}
