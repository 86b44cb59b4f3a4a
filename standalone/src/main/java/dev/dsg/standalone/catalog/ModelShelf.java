package dev.dsg.standalone.catalog;

import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;

/** Puts networks into the store. */
public final class ModelShelf {

    private final ObjectStore store;

    /** Of one store. */
    public ModelShelf(ObjectStore store) {
        this.store = store;
    }

    /**
     * Puts a network in the place of whatever had its name, the card last: jobs that start afterwards use it. A network
     * that is there already is not sent again.
     *
     * @return whether anything changed
     */
    public boolean put(ShelvedModel model) {
        var card = model.card();
        var file = put(card.weights().key(), model.file());
        return put(StoreLayout.modelCard(card.name()), Content.of(Json.bytes(card), Content.JSON)) || file;
    }

    private boolean put(ObjectKey key, Content content) {
        while (!holds(key, content)) {
            if (store.putIfAbsent(key, content).created()) {
                return true;
            }
            var seen = store.read(key);
            if (seen.isPresent() && store.compareAndSet(key, content, seen.get().etag())) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(ObjectKey key, Content content) {
        return store.find(key)
                .filter(ref -> ref.sha256().equals(content.sha256()))
                .isPresent();
    }
}
