package dev.dsg.contracts.store;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Which key holds what.
 *
 * <pre>
 * models/NAME/model.json, model.safetensors (or .pth, .onnx), margins/...
 * datasets/NAME/dataset.json, shards/SHA256.safetensors
 * jobs/ID/spec.json, model.json, state.json, batches/NNNNN.safetensors, checkpoints/..., artifact/..., analysis/...,
 *         report.json, report.md, report.html
 * results/NETWORK/INSTANT-ID.json
 * </pre>
 */
public final class StoreLayout {
    /** The bucket, unless configuration says otherwise. */
    public static final String DEFAULT_BUCKET = "dsg";
    /** Prefix of all jobs, for a listing. */
    public static final String JOBS = "jobs/";
    /** Prefix of all networks, for a listing. */
    public static final String MODELS = "models/";
    /** Prefix of all data sets, for a listing. */
    public static final String DATASETS = "datasets/";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private StoreLayout() {}

    /** The card of a network. */
    public static ObjectKey modelCard(String model) {
        return model(model, "model.json");
    }

    /** The file of a network; its name tells its format. */
    public static ObjectKey modelFile(String model, String fileName) {
        return model(model, fileName);
    }

    /** Cached margins of a network; {@code fingerprint} says of which weights and which probe. */
    public static ObjectKey margins(String model, Sha256 fingerprint) {
        return model(model, "margins/" + fingerprint + ".safetensors");
    }

    /** The card of a data set. */
    public static ObjectKey datasetCard(String dataset) {
        return dataset(dataset, "dataset.json");
    }

    /** The shards of a data set, for a listing. */
    public static String shards(String dataset) {
        return DATASETS + Require.name("dataset", dataset) + "/shards/";
    }

    /** One shard of a data set, named after its content: one that is there need not be sent again. */
    public static ObjectKey shard(String dataset, Sha256 content) {
        return ObjectKey.parse(shards(dataset) + content + ".safetensors");
    }

    /** The resolved specification of a job. */
    public static ObjectKey spec(JobId job) {
        return job(job, "spec.json");
    }

    /** The card of a job's network as it was when the job was accepted; a card that changes later is for later jobs. */
    public static ObjectKey modelCard(JobId job) {
        return job(job, "model.json");
    }

    /** The state of a job. */
    public static ObjectKey state(JobId job) {
        return job(job, "state.json");
    }

    /** One batch of synthetic images, counted from 0. */
    public static ObjectKey batch(JobId job, int index) {
        return ObjectKey.parse(batches(job) + padded(index) + ".safetensors");
    }

    /** Prefix of all batches of a job, for a listing. */
    public static String batches(JobId job) {
        return JOBS + job + "/batches/";
    }

    /** Which checkpoint a long piece of work resumes from: a small document that names its content. */
    public static ObjectKey checkpoint(JobId job, String name) {
        return job(job, "checkpoints/" + Require.name("checkpoint", name) + ".json");
    }

    /** The content of a checkpoint; {@code position} says how far the work was, and the names sort by it. */
    public static ObjectKey checkpoint(JobId job, String name, int position) {
        Require.atLeast("position", position, 0);
        return ObjectKey.parse(checkpoints(job, name) + String.format(Locale.ROOT, "%010d", position) + ".safetensors");
    }

    /** Prefix of the contents of a piece of work's checkpoints, for a listing. */
    public static String checkpoints(JobId job, String name) {
        return JOBS + job + "/checkpoints/" + Require.name("checkpoint", name) + "/";
    }

    /** The quantized network with its integer weights. */
    public static ObjectKey artifact(JobId job) {
        return job(job, "artifact/quantized.safetensors");
    }

    /** The quantized network as an ONNX model. */
    public static ObjectKey onnx(JobId job) {
        return job(job, "artifact/quantized.onnx");
    }

    /** What people should know about the quantized network. */
    public static ObjectKey artifactCard(JobId job) {
        return job(job, "artifact/card.md");
    }

    /** The manifest; its conditional put commits the artefact. */
    public static ObjectKey manifest(JobId job) {
        return job(job, "artifact/manifest.json");
    }

    /** What quantization did to each layer. */
    public static ObjectKey layers(JobId job) {
        return ObjectKey.parse(analysis(job) + "layers.json");
    }

    /** One of the pictures beside it, such as {@code samples.png}. */
    public static ObjectKey picture(JobId job, String name) {
        return ObjectKey.parse(analysis(job) + name);
    }

    /** Prefix of both, for a listing. */
    public static String analysis(JobId job) {
        return JOBS + job + "/analysis/";
    }

    /** The report. */
    public static ObjectKey report(JobId job) {
        return job(job, "report.json");
    }

    /** The report for people, as text. */
    public static ObjectKey reportText(JobId job) {
        return job(job, "report.md");
    }

    /** The report for people, as a page. */
    public static ObjectKey reportPage(JobId job) {
        return job(job, "report.html");
    }

    /** A report in one line, for comparison; the names sort by time. */
    public static ObjectKey result(String model, Instant measuredAt, JobId job) {
        return ObjectKey.parse(results(model) + STAMP.format(measuredAt) + "-" + job + ".json");
    }

    /** Prefix of the results of a network, for a listing. */
    public static String results(String model) {
        return "results/" + Require.name("model", model) + "/";
    }

    /** The five digits under which batches are counted; they sort as text. */
    public static String padded(int index) {
        Require.atLeast("index", index, 0);
        return String.format(Locale.ROOT, "%05d", index);
    }

    private static ObjectKey model(String model, String below) {
        return ObjectKey.parse(MODELS + Require.name("model", model) + "/" + below);
    }

    private static ObjectKey dataset(String dataset, String below) {
        return ObjectKey.parse(DATASETS + Require.name("dataset", dataset) + "/" + below);
    }

    private static ObjectKey job(JobId job, String below) {
        return ObjectKey.parse(JOBS + job + "/" + below);
    }
}
