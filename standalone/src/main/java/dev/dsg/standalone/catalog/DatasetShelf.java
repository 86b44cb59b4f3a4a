package dev.dsg.standalone.catalog;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.DatasetCard.Shard;
import dev.dsg.contracts.catalog.ImageForm;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.EncodedImages;
import dev.dsg.engine.data.ImageFile;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Images;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.SystemProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.stream.IntStream;

/** Puts labelled images into the store. */
public final class DatasetShelf {

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
     * Puts a data set: its shards, then its card, so a set that has a card is complete, then away with shards that no card
     * names. A shard that is there already, from an earlier try that was cut off, is neither checked nor sent again.
     *
     * @param replace whether it may take the place of another set of its name
     * @param progress told after every shard, in images
     * @throws EngineException if an image cannot be decoded; it names the image
     * @throws SystemProblem if there is another set of that name, which must stay; then nothing was changed
     */
    public DatasetCard put(String name, LabelledImages images, boolean replace, ProgressListener progress) {
        if (has(name) && !replace) {
            requireSame(new Catalog(store).dataset(name), images);
        }
        var shards = new ArrayList<Shard>();
        ImageForm form = null;
        var done = 0;
        for (var part : images.parts()) {
            var read = part.read();
            var own = form(read, part);
            form = form == null ? own : form.and(own);
            shards.add(put(name, read, part));
            done += part.count();
            progress.progress(done, images.count());
        }
        var card = new DatasetCard(name, images.classes(), form, done, images.source(), shards);
        put(StoreLayout.datasetCard(name), Content.of(Json.bytes(card), Content.JSON));
        deleteAllBut(card);
        return card;
    }

    /** The same images may be put again; that they are the same is known by their shards. */
    private static void requireSame(DatasetCard card, LabelledImages images) {
        var same = card.classes().equals(images.classes())
                && card.shards().size() == images.parts().size();
        for (var i = 0; same && i < images.parts().size(); i++) {
            var shard = Sha256.digest(images.parts().get(i).read().toShard());
            same = shard.equals(card.shards().get(i).object().sha256());
        }
        if (!same) {
            throw new SystemProblem("there is another data set called " + card.name()
                    + "; choose another name, or put this one in its place with --replace");
        }
    }

    private Shard put(String name, Images images, LabelledImages.Part part) {
        var content = Content.of(images.toShard(), Content.BINARY);
        var key = StoreLayout.shard(name, content.sha256());
        var found = store.find(key);
        if (found.isPresent() && found.get().sha256().equals(content.sha256())) {
            return new Shard(found.get(), images.count());
        }
        requireDecodable(images, part);
        return new Shard(store.putIfAbsent(key, content).ref(), images.count());
    }

    private static void requireDecodable(Images images, LabelledImages.Part part) {
        if (images instanceof EncodedImages encoded) {
            IntStream.range(0, encoded.count())
                    .parallel()
                    .forEach(index -> ImageFile.decode(encoded.files().get(index), part.name(index)));
        }
    }

    private static ImageForm form(Images images, LabelledImages.Part part) {
        return switch (images) {
            case ImageSet set -> new ImageForm(set.channels(), set.height(), set.width());
            case EncodedImages encoded ->
                IntStream.range(0, encoded.count())
                        .mapToObj(index -> ImageFile.probe(encoded.files().get(index), part.name(index)))
                        .map(shape -> new ImageForm(shape.channels(), shape.height(), shape.width()))
                        .reduce(ImageForm::and)
                        .orElseThrow();
        };
    }

    private void put(ObjectKey key, Content content) {
        while (!store.putIfAbsent(key, content).ref().sha256().equals(content.sha256())) {
            var seen = store.read(key);
            if (seen.isPresent() && store.compareAndSet(key, content, seen.get().etag())) {
                return;
            }
        }
    }

    private void deleteAllBut(DatasetCard card) {
        var named = new HashSet<ObjectKey>();
        card.shards().forEach(shard -> named.add(shard.object().key()));
        store.list(StoreLayout.shards(card.name())).stream()
                .filter(key -> !named.contains(key))
                .forEach(store::delete);
    }
}
