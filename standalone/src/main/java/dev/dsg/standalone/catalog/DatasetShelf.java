package dev.dsg.standalone.catalog;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.DatasetCard.Shard;
import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.SystemProblem;
import java.util.ArrayList;
import java.util.List;

/** Puts labelled images into the store. */
public final class DatasetShelf {

    private static final int SHARD_IMAGES = 2_000;

    private final ObjectStore store;

    /** Of one store. */
    public DatasetShelf(ObjectStore store) {
        this.store = store;
    }

    /** Whether all of a data set is there. */
    public boolean has(String name) {
        return store.find(StoreLayout.datasetCard(name)).isPresent();
    }

    /**
     * Puts a data set, its card last: a set that has a card is complete. What an earlier try left is used.
     *
     * @param source where the images are from
     * @throws SystemProblem when other images lie there under this name
     */
    public void put(String name, List<String> classes, String source, ImageSet images) {
        var shards = new ArrayList<Shard>();
        for (var from = 0; from < images.count(); from += SHARD_IMAGES) {
            var part = images.slice(from, Math.min(from + SHARD_IMAGES, images.count()));
            shards.add(put(name, shards.size(), part));
        }
        var shape = new ImageShape(images.channels(), images.height(), images.width());
        var card = new DatasetCard(name, classes, shape, images.count(), source, shards);
        store.putIfAbsent(StoreLayout.datasetCard(name), Content.of(Json.bytes(card), Content.JSON));
    }

    private Shard put(String name, int index, ImageSet part) {
        var key = StoreLayout.shard(name, index);
        var content = Content.of(part.toShard(), Content.BINARY);
        var put = store.putIfAbsent(key, content);
        if (!put.ref().sha256().equals(content.sha256())) {
            throw new SystemProblem(key + " in the store holds other images; delete it and try again");
        }
        return new Shard(put.ref(), part.count());
    }
}
