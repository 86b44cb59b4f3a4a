package dev.dsg.standalone.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationScheme;
import dev.dsg.contracts.result.JobReport;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.platform.wire.Json;
import dev.dsg.standalone.job.JobFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One job that a study asks for: a variant at some widths under a seed. */
public final class TrainingJob {

    private static final String UNNAMED = "study";
    private static final int DIGITS = 16;

    private final TrainingVariant variant;
    private final List<String> settings;
    private final JobSpec spec;

    private TrainingJob(TrainingVariant variant, List<String> settings, JobSpec spec) {
        this.variant = variant;
        this.settings = settings;
        this.spec = spec;
    }

    /**
     * The job for a variant.
     *
     * @param settings for all variants, each as {@code FIELD=VALUE}; those of the training apply to variants that train, and
     *     what a variant says itself wins
     * @throws DsgException as {@link JobFields#of(Map, List)} and {@link JobRequest#resolve} for fields that are wrong, and
     *     {@code INVALID_FIELD} for those that a study says itself
     */
    public static TrainingJob of(
            String model, TrainingVariant variant, List<String> settings, Widths widths, long seed) {
        Map<String, Object> said = Map.of(
                "jobId", UNNAMED,
                "model", model,
                "quantization.weightBits", widths.weights(),
                "quantization.activationBits", widths.activations(),
                "seed", seed);
        List<String> untrained = untrained(settings);
        boolean trains = QuantizationScheme.QAT
                .wireName()
                .equals(JobFields.of(said, joined(untrained, variant.fields()))
                        .quantization()
                        .scheme());
        List<String> applied = trains ? List.copyOf(settings) : untrained;
        JobSpec spec = JobFields.of(said, joined(applied, variant.fields())).resolve();
        require("jobId", UNNAMED, spec.jobId(), "nothing, for a study names its jobs");
        require("model", model, spec.model(), "what --model says");
        require("seed", seed, spec.seed(), "what --seeds says");
        require("quantization.weightBits", widths.weights(), spec.quantization().weightBits(), "what --bits says");
        require(
                "quantization.activationBits",
                widths.activations(),
                spec.quantization().activationBits(),
                "what --bits says");
        return new TrainingJob(variant, applied, spec);
    }

    /** What the job is measured on. */
    public String dataset() {
        return spec.evaluation().dataset();
    }

    /**
     * The name of the job. The same for the same specification and network, however they were asked for.
     *
     * @param network digest of its file
     */
    public JobId id(Sha256 network) {
        byte[] identity = (network + " " + new String(Json.bytes(spec), UTF_8)).getBytes(UTF_8);
        return new JobId(UNNAMED + "-" + Sha256.digest(identity).hex().substring(0, DIGITS));
    }

    /** All that is to be done, under a name. */
    public JobSpec spec(JobId id) {
        return JobRequest.of(spec).withJobId(id).resolve();
    }

    /** Whether a run is one of this job; a job that was tried again bears a number behind its name. */
    boolean isAnsweredBy(TrainingRun run, Sha256 network) {
        return run.job().value().startsWith(id(network).value())
                && run.variant().equals(variant.name())
                && run.fields().equals(variant.fields())
                && run.settings().equals(settings);
    }

    /** The line for a report of this job. */
    TrainingRun run(JobReport report) {
        return new TrainingRun(
                report.jobId(),
                report.model(),
                report.digests().model(),
                report.dataset(),
                report.accuracy().images(),
                variant.name(),
                variant.fields(),
                settings,
                report.seed(),
                report.quantization().weightBits().bits(),
                report.quantization().activationBits().bits(),
                report.accuracy().quantized().top1(),
                report.accuracy().fp32().top1(),
                report.seconds().total());
    }

    /** Such as {@code generator W4A4, seed 0}. */
    @Override
    public String toString() {
        return variant.name() + " " + spec.quantization().widths() + ", seed " + spec.seed();
    }

    /** Those settings that mean something to a job that does not train. */
    static List<String> untrained(List<String> settings) {
        return settings.stream()
                .filter(setting -> !setting.strip().startsWith("training"))
                .toList();
    }

    private static void require(String field, Object said, Object found, String expected) {
        if (!found.toString().equals(said.toString())) {
            throw DsgException.invalid(field, found, expected);
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
