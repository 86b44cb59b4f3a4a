package dev.dsg.generator;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.quantization.PostTrainingQuantizer;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Singleton;

/** What a job's network and data set must be like; all that can be known before the first image is made. */
@Singleton
final class Admission {

    private final ObjectStore store;
    private final Catalog catalog;
    private final Networks networks;
    private final Plugins plugins;

    Admission(ObjectStore store, Catalog catalog, Networks networks, Plugins plugins) {
        this.store = store;
        this.catalog = catalog;
        this.networks = networks;
        this.plugins = plugins;
    }

    /**
     * Lets a job in, and keeps the card of its network with it: should the network be replaced under its name, the job
     * goes on with the one it was accepted for, or fails, but never mixes the two.
     *
     * @throws DsgException {@code UNKNOWN_MODEL}, {@code UNKNOWN_DATASET}, {@code CLASSES_DO_NOT_FIT},
     *     {@code CORRUPT_MODEL}, {@code NO_BATCH_NORM}, or {@code INVALID_FIELD} for an architecture or a parameterization
     *     that is not known, for a generator network that cannot learn, or for a budget of bits that the network's weights
     *     cannot meet
     */
    void admit(JobSpec spec) {
        ModelCard card = catalog.model(spec.model());
        catalog.dataset(spec.evaluation().dataset()).requireFit(card);
        requireKnown(spec.synthesis().parameterization());
        requireGenerator(spec);
        try (var _ = networks.synthesizer(card)) {
            requireFit(spec.quantization(), card);
            // What cannot be opened here could not be worked with later.
            store.putIfAbsent(StoreLayout.modelCard(spec.jobId()), Content.of(Json.bytes(card), Content.JSON));
        }
    }

    private void requireKnown(String parameterization) {
        try {
            plugins.parameterizations().named(parameterization);
        } catch (EngineException e) {
            throw EngineFailures.translate(e);
        }
    }

    private static void requireGenerator(JobSpec spec) {
        if (!StreamWorker.makes(spec)) {
            return;
        }
        try {
            Settings.generator(spec);
        } catch (EngineException e) {
            throw EngineFailures.translate("training", e);
        }
    }

    private void requireFit(QuantizationSpec how, ModelCard card) {
        if (how.weightBudget() == null) {
            return;
        }
        try {
            new PostTrainingQuantizer(Settings.widths(how)).requireFit(networks.network(card));
        } catch (EngineException e) {
            throw EngineFailures.translate("quantization", e);
        }
    }
}
