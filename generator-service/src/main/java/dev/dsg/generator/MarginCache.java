package dev.dsg.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.Statistics;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import jakarta.inject.Singleton;

/** Margins depend on the network and the probe only, so all batches of all jobs share them through the store. */
@Singleton
final class MarginCache {

    /** Part of every fingerprint: what an engine that probes differently would have to change. */
    private static final String FORMAT = "margins/1";

    private final ObjectStore store;

    MarginCache(ObjectStore store) {
        this.store = store;
    }

    /** The margins of a network; probes it if nobody did before. Workers that probe at once find the same. */
    Margins margins(ModelCard card, SynthesisSpec how, Synthesizer synthesizer, ProgressListener progress) {
        return how.iterations() == 0
                ? Margins.none(synthesizer.layers())
                : margins(card, how, how.statistics(), synthesizer, progress);
    }

    /** The same, whatever the images of the job have statistics of. */
    Margins margins(
            ModelCard card,
            SynthesisSpec how,
            Statistics statistics,
            Synthesizer synthesizer,
            ProgressListener progress) {
        if (how.slackPercentile() == 0) {
            return Margins.none(synthesizer.layers());
        }
        ObjectKey key = StoreLayout.margins(card.name(), fingerprint(card, how, statistics));
        ObjectRef margins = store.find(key).orElseGet(() -> {
            byte[] made = synthesizer
                    .probe(how.slackPercentile(), Settings.statistics(statistics), how.probeImages(), progress)
                    .toSafetensors();
            return store.putIfAbsent(key, Content.of(made, Content.BINARY)).ref();
        });
        return Margins.fromSafetensors(store.getBytes(margins));
    }

    private static Sha256 fingerprint(ModelCard card, SynthesisSpec how, Statistics statistics) {
        String text = String.join(
                "\n",
                FORMAT,
                String.valueOf(card.architecture()),
                card.inputShape().toString(),
                card.weights().sha256().hex(),
                Double.toString(how.slackPercentile()),
                statistics.wireName(),
                Integer.toString(how.probeImages()));
        return Sha256.digest(text.getBytes(UTF_8));
    }
}
