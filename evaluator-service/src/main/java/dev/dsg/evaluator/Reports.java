package dev.dsg.evaluator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.JobStatus;
import dev.dsg.contracts.job.Stage;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.result.Manifest;
import dev.dsg.contracts.result.Speed;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.evaluator.report.ReportText;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.store.Content;
import dev.dsg.platform.store.ObjectStore;
import dev.dsg.platform.wire.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;

/**
 * The report of a job, of which there is one: the first that is put. It holds times, which differ whenever it is made; its
 * forms for people and its line in the history are made of the one that was put, so they cannot differ from it.
 */
@Singleton
final class Reports {

    private static final String MARKDOWN = "text/markdown";
    private static final double MILLIS = 1_000;

    private final ObjectStore store;
    private final Catalog catalog;
    private final History history;
    private final SpeedTrial speedTrial;
    private final InstantSource clock = InstantSource.system();

    Reports(ObjectStore store, Catalog catalog, History history, SpeedTrial speedTrial) {
        this.store = store;
        this.catalog = catalog;
        this.history = history;
        this.speedTrial = speedTrial;
    }

    /** Whether a job has its report. */
    boolean exists(JobId job) {
        return store.find(StoreLayout.report(job)).isPresent();
    }

    /** Measures the speed of an artefact and reports that and what was found; another report that is there by then stays. */
    void put(
            JobStatus status,
            JobSpec spec,
            Manifest manifest,
            Sha256 dataset,
            Findings found,
            BooleanSupplier cancelled) {
        var original = Original.of(spec, catalog);
        var fp32 = original.onnx();
        var onnx = store.getBytes(manifest.onnx());
        var speed = speed(spec, original, fp32, onnx, cancelled);
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var report = JobReport.of(
                spec,
                now,
                Scores.accuracy(found, original.card().classes()),
                Scores.onnx(found, onnx.length, fp32.length),
                speed,
                history.of(spec.model(), manifest.weights().sha256(), dataset),
                seconds(status, now),
                JobReport.Digests.of(manifest, dataset));
        store.putIfAbsent(StoreLayout.report(spec.jobId()), Content.of(Json.bytes(report), Content.JSON));
    }

    /** Puts the forms of a report that people read beside it. */
    void present(JobId job) {
        var report = report(reference(job));
        store.putIfAbsent(
                StoreLayout.reportText(job), Content.of(ReportText.of(report).getBytes(UTF_8), MARKDOWN));
    }

    /** Puts a report that counts on record for comparison, and says where it lies. */
    ObjectRef announced(JobId job) {
        var reference = reference(job);
        history.add(report(reference));
        return reference;
    }

    private JobReport report(ObjectRef reference) {
        return Json.parse(store.getBytes(reference), JobReport.class);
    }

    private ObjectRef reference(JobId job) {
        return store.find(StoreLayout.report(job))
                .orElseThrow(() -> new DsgException(ErrorCode.CORRUPT_OBJECT, "the report of " + job + " is missing"));
    }

    private Speed speed(JobSpec spec, Original original, byte[] fp32, byte[] onnx, BooleanSupplier cancelled) {
        var time = Duration.ofMillis(Math.round(MILLIS * spec.evaluation().latencySeconds()));
        return time.isZero() ? null : speedTrial.measure(fp32, onnx, original.input(), time, cancelled);
    }

    /** How long the stages took, by the clock on record: the same whoever adds it up. */
    private static JobReport.Seconds seconds(JobStatus status, Instant now) {
        return new JobReport.Seconds(
                seconds(status.spentIn(Stage.SYNTHESIZING, now)),
                seconds(status.spentIn(Stage.QUANTIZING, now)),
                seconds(status.spentIn(Stage.EVALUATING, now)),
                seconds(Duration.between(status.submittedAt(), now)));
    }

    /** Several machines date the states of a job; where their clocks disagree, nothing took less than no time. */
    private static double seconds(Duration duration) {
        return Math.max(0, duration.toMillis()) / MILLIS;
    }
}
