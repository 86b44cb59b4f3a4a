package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.engine.data.Images;
import dev.dsg.platform.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The images of a data set, shard by shard: in memory if they are few, else fetched whenever they are asked for.
 *
 * @param count number of images in all
 * @param shards how each shard is had; what it throws is what the store throws
 */
record TestImages(int count, List<Supplier<Images>> shards) {

    /** The most bytes of a set that is kept in memory. */
    private static final long KEPT_BYTES = 64 << 20;

    static TestImages of(DatasetCard card, ObjectStore store) {
        return of(card, store, KEPT_BYTES);
    }

    static TestImages of(DatasetCard card, ObjectStore store, long keptBytes) {
        long bytes = card.shards().stream().mapToLong(s -> s.object().size()).sum();
        var shards = new ArrayList<Supplier<Images>>();
        for (var shard : card.shards()) {
            Supplier<Images> fetch = () -> Images.fromShard(store.getBytes(shard.object()));
            shards.add(bytes <= keptBytes ? kept(fetch.get()) : fetch);
        }
        return new TestImages(card.count(), List.copyOf(shards));
    }

    private static Supplier<Images> kept(Images images) {
        return () -> images;
    }
}
