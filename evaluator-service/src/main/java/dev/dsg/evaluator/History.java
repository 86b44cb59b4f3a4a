package dev.dsg.evaluator;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.result.EarlierResult;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What jobs made of each network, one line a job, to compare the next one with. */
@Singleton
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    /** So many are compared with. */
    private static final int SHOWN = 10;

    /** So many are looked at; others of the same name may have been other networks or other images. */
    private static final int READ = 50;

    private final ObjectStore store;

    History(ObjectStore store) {
        this.store = store;
    }

    /** Puts a report on record; the same report again changes nothing. */
    void add(JobReport report) {
        store.putIfAbsent(
                StoreLayout.result(report.model(), report.measuredAt(), report.jobId()),
                Content.of(Json.bytes(EarlierResult.of(report)), Content.JSON));
    }

    /** The latest results of a network on a set of images, the latest last. */
    List<EarlierResult> of(String name, Sha256 model, Sha256 dataset) {
        var keys = store.list(StoreLayout.results(name));
        var found = keys.subList(Math.max(0, keys.size() - READ), keys.size()).stream()
                .map(this::read)
                .flatMap(Optional::stream)
                .filter(result -> result.comparesTo(model, dataset))
                .toList();
        return found.subList(Math.max(0, found.size() - SHOWN), found.size());
    }

    /** A line that cannot be read, of an older version perhaps, is no reason to have no report. */
    private Optional<EarlierResult> read(ObjectKey key) {
        try {
            return store.read(key).map(document -> Json.parse(document.bytes(), EarlierResult.class));
        } catch (DsgException e) {
            if (e.code().retryable()) {
                throw e;
            }
            LOG.warn("earlier result {} is left out: {}", key, e.getMessage());
            return Optional.empty();
        }
    }
}
