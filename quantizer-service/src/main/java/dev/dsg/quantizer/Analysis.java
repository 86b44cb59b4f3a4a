package dev.dsg.quantizer;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.analysis.NetworkAnalyzer;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.picture.Plots;
import dev.dsg.engine.picture.SampleSheet;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import dev.dsg.quantizer.Quantization.Outcome;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job tells about its result, for people, beside it in the store. The numbers follow from the same as the
 * artefact and are the same whoever finds them. The pictures do not: they depend on the fonts of the machine that draws
 * them and are left out where it has none.
 */
@Singleton
final class Analysis {

    private static final Logger LOG = LoggerFactory.getLogger(Analysis.class);
    private static final String PNG = "image/png";

    private final ObjectStore store;

    Analysis(ObjectStore store) {
        this.store = store;
    }

    /**
     * Puts numbers and pictures where there are none yet.
     *
     * @return the numbers
     */
    ObjectRef keep(JobId job, ModelCard card, Outcome outcome) {
        var found =
                new NetworkAnalyzer(outcome.network(), outcome.exact(), outcome.quantized()).analyze(outcome.images());
        var numbers = Json.pretty(found.analysis()).getBytes(StandardCharsets.UTF_8);
        var ref = store.putIfAbsent(StoreLayout.layers(job), Content.of(numbers, Content.JSON))
                .ref();
        draw(job, "samples.png", () -> SampleSheet.png(outcome.images(), preprocessing(card)));
        draw(job, "layers.png", () -> Plots.layers(found.analysis()));
        draw(job, "statistics.png", () -> Plots.statistics(found.analysis()));
        draw(job, "diversity.png", () -> Plots.diversity(found.analysis(), found.pixels(), found.features()));
        return ref;
    }

    /** Puts a picture there, if it can be drawn. */
    void draw(JobId job, String name, Supplier<byte[]> picture) {
        byte[] bytes;
        try {
            bytes = picture.get();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Java's graphics say by errors of many kinds, a plain one among them, that there is no font.
            LOG.warn("no {}: cannot draw on this machine; plots need fontconfig and a font", name, e);
            return;
        }
        ObjectKey key = StoreLayout.picture(job, name);
        store.putIfAbsent(key, Content.of(bytes, PNG));
    }

    private static Preprocessing preprocessing(ModelCard card) {
        return Preprocessing.of(card.mean(), card.std(), Optional.empty());
    }
}
