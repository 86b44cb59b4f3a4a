package dev.dsg.platform.catalog;

import dev.dsg.contracts.catalog.DatasetCard;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.Document;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The networks and labelled data sets that lie in the store. */
@Singleton
public final class Catalog {

    private final ObjectStore store;

    /** The catalog of a store. */
    @Inject
    public Catalog(ObjectStore store) {
        this.store = store;
    }

    /**
     * The card of a network.
     *
     * @throws DsgException {@code UNKNOWN_MODEL} if there is none of that name, {@code CORRUPT_MODEL} if what lies there is
     *     no card
     */
    public ModelCard model(String name) {
        var document = store.read(StoreLayout.modelCard(name))
                .orElseThrow(() -> unknown(ErrorCode.UNKNOWN_MODEL, "model", name, StoreLayout.MODELS));
        return card(document, ModelCard.class, ErrorCode.CORRUPT_MODEL, "model", name);
    }

    /**
     * The card of a job's network, as it was when the job was accepted.
     *
     * @throws DsgException {@code CORRUPT_MODEL} if it is not there, no card, or that of another network
     */
    public ModelCard modelOf(JobSpec spec) {
        var key = StoreLayout.modelCard(spec.jobId());
        var document =
                store.read(key).orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_MODEL, key + " is missing"));
        var card = card(document, ModelCard.class, ErrorCode.CORRUPT_MODEL, "model", spec.model());
        if (!card.name().equals(spec.model())) {
            throw new DsgException(
                    ErrorCode.CORRUPT_MODEL, "model", card.name(), "the network of the job, " + spec.model());
        }
        return card;
    }

    /**
     * The weights of a network, as a safetensors file.
     *
     * @throws DsgException {@code CORRUPT_MODEL} if they are not there or not those of the card
     */
    public byte[] weights(ModelCard card) {
        try {
            return store.getBytes(card.weights());
        } catch (DsgException e) {
            if (e.code() == ErrorCode.CORRUPT_OBJECT) {
                throw broken(ErrorCode.CORRUPT_MODEL, "model", card.name(), "weights that are those of its card", e);
            }
            throw e;
        }
    }

    /**
     * The card of a data set.
     *
     * @throws DsgException {@code UNKNOWN_DATASET} if there is none of that name, {@code CORRUPT_OBJECT} if what lies there
     *     is no card
     */
    public DatasetCard dataset(String name) {
        var document = store.read(StoreLayout.datasetCard(name))
                .orElseThrow(
                        () -> unknown(ErrorCode.UNKNOWN_DATASET, "evaluation.dataset", name, StoreLayout.DATASETS));
        return card(document, DatasetCard.class, ErrorCode.CORRUPT_OBJECT, "evaluation.dataset", name);
    }

    private DsgException unknown(ErrorCode code, String field, String name, String folder) {
        var known = store.folders(folder);
        return new DsgException(
                code, field, name, known.isEmpty() ? "one that is in the store" : "one of " + String.join(", ", known));
    }

    private static <T> T card(Document document, Class<T> type, ErrorCode corrupt, String field, String name) {
        try {
            return Json.parse(document.bytes(), type);
        } catch (DsgException e) {
            throw broken(corrupt, field, name, "one with a valid card", e);
        }
    }

    private static DsgException broken(ErrorCode code, String field, String name, String expected, DsgException e) {
        return new DsgException(code, field, name, expected + " (" + e.getMessage() + ")", e);
    }
}
