package dev.dsg.evaluator;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.engine.data.Images;
import dev.dsg.platform.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The images of a data set or of a part of one, shard by shard: in memory if they are few, else fetched whenever they are
 * asked for.
 *
 * @param count number of images in all
 * @param shards how each shard is had; what it throws is what the store throws
 */
record TestImages(int count, List<Supplier<Images>> shards) {

    /** The most bytes of a set that is kept in memory. */
    private static final long KEPT_BYTES = 64 << 20;

    static TestImages of(List<DatasetCard.Shard> shards, ObjectStore store) {
        return of(shards, store, KEPT_BYTES);
    }

    static TestImages of(List<DatasetCard.Shard> parts, ObjectStore store, long keptBytes) {
        long bytes = parts.stream().mapToLong(s -> s.object().size()).sum();
        var shards = new ArrayList<Supplier<Images>>();
        for (var shard : parts) {
            Supplier<Images> fetch = () -> Images.fromShard(store.getBytes(shard.object()));
            shards.add(bytes <= keptBytes ? kept(fetch.get()) : fetch);
        }
        return new TestImages(parts.stream().mapToInt(DatasetCard.Shard::count).sum(), List.copyOf(shards));
    }

    private static Supplier<Images> kept(Images images) {
        return () -> images;
    }
}
