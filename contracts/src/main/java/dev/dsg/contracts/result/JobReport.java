package dev.dsg.contracts.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationSpec;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.job.TrainingSpec;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import java.time.Instant;
import java.util.List;

/**
 * What a job achieved: {@code jobs/ID/report.json}.
 *
 * @param jobId which job
 * @param measuredAt when
 * @param model the network
 * @param dataset what it was measured on
 * @param seed seed of everything random
 * @param quantization how it was quantized; on the wire its fields stand among those of the report
 * @param training how it was trained; {@code null} where it was not
 * @param synthesis how the images were made
 * @param accuracy before and after
 * @param onnx what ONNX Runtime makes of the artefact
 * @param speed how fast it does so; {@code null} where the job did not want to know
 * @param gate whether it is what the job asked for
 * @param earlier what earlier jobs made of the same network, measured on the same images, the latest last
 * @param seconds how long the stages took
 * @param digests what was used and made
 */
public record JobReport(
        JobId jobId,
        Instant measuredAt,
        String model,
        String dataset,
        long seed,
        @JsonUnwrapped QuantizationSpec quantization,
        @JsonInclude(JsonInclude.Include.NON_NULL) TrainingSpec training,
        SynthesisSpec synthesis,
        Accuracy accuracy,
        Onnx onnx,
        @JsonInclude(JsonInclude.Include.NON_NULL) Speed speed,
        Gate gate,
        List<EarlierResult> earlier,
        Seconds seconds,
        Digests digests) {

    /**
     * Shares of images, as fractions.
     *
     * @param top1 whose class has the largest logit
     * @param top5 whose class is among the five largest
     */
    public record TopK(double top1, double top5) {
        /** Refuses numbers that are no such shares. */
        public TopK {
            Require.within("top1", top1, 0, 1);
            Require.within("top5", top5, top1, 1);
        }
    }

    /**
     * What ONNX Runtime, on the machine that evaluated, makes of the artefact.
     *
     * @param quantized how often it is right
     * @param agreement share of the images, as a fraction, of which it says the class that was predicted for it
     * @param bytes size of the ONNX model
     * @param fp32Bytes size of the ONNX model of the network as it came, BatchNorm folded away
     */
    public record Onnx(TopK quantized, double agreement, long bytes, long fp32Bytes) {
        /** Refuses missing parts and sizes of nothing. */
        public Onnx {
            Require.present("onnx.quantized", quantized);
            Require.within("onnx.agreement", agreement, 0, 1);
            Require.atLeast("onnx.bytes", bytes, 1);
            Require.atLeast("onnx.fp32Bytes", fp32Bytes, 1);
        }
    }

    /**
     * Wall-clock seconds of the stages, waiting included.
     *
     * @param synthesis from the first task handed out to the last batch
     * @param quantization from there to the artefact
     * @param evaluation from there to the report
     * @param total from the submission to the report
     */
    public record Seconds(double synthesis, double quantization, double evaluation, double total) {
        /** Refuses negative times. */
        public Seconds {
            Require.within("seconds.synthesis", synthesis, 0, Double.MAX_VALUE);
            Require.within("seconds.quantization", quantization, 0, Double.MAX_VALUE);
            Require.within("seconds.evaluation", evaluation, 0, Double.MAX_VALUE);
            Require.within("seconds.total", total, 0, Double.MAX_VALUE);
        }
    }

    /**
     * What was used and made.
     *
     * @param model the weights
     * @param dataset the images and labels that it was measured on
     * @param batches the images, in order; none where they were a {@code stream}
     * @param stream what is known of images that were deleted once they had been used; {@code null} where none were
     * @param artifact the quantized network with its integer weights
     * @param onnx the same as an ONNX model
     */
    public record Digests(
            Sha256 model,
            Sha256 dataset,
            List<Sha256> batches,
            @JsonInclude(JsonInclude.Include.NON_NULL) BatchStream stream,
            Sha256 artifact,
            Sha256 onnx) {
        /** Refuses missing parts. */
        public Digests {
            Require.present("digests.model", model);
            Require.present("digests.dataset", dataset);
            batches = Require.list("digests.batches", batches, stream == null ? 1 : 0);
            Require.present("digests.artifact", artifact);
            Require.present("digests.onnx", onnx);
        }

        /** The digests that a manifest names, and that of the data set. */
        public static Digests of(Manifest manifest, Sha256 dataset) {
            return new Digests(
                    manifest.weights().sha256(),
                    dataset,
                    manifest.batches().stream().map(ObjectRef::sha256).toList(),
                    manifest.stream(),
                    manifest.artifact().sha256(),
                    manifest.onnx().sha256());
        }
    }

    /** Refuses missing parts. */
    public JobReport {
        Require.present("jobId", jobId);
        Require.present("measuredAt", measuredAt);
        Require.name("model", model);
        Require.name("dataset", dataset);
        Require.present("quantization", quantization);
        Require.present("synthesis", synthesis);
        Require.present("accuracy", accuracy);
        Require.present("onnx", onnx);
        Require.present("gate", gate);
        earlier = Require.list("earlier", earlier, 0);
        Require.present("seconds", seconds);
        Require.present("digests", digests);
    }

    /** The report of a job; the gate follows from the rest. */
    public static JobReport of(
            JobSpec spec,
            Instant measuredAt,
            Accuracy accuracy,
            Onnx onnx,
            Speed speed,
            List<EarlierResult> earlier,
            Seconds seconds,
            Digests digests) {
        return new JobReport(
                spec.jobId(),
                measuredAt,
                spec.model(),
                spec.evaluation().dataset(),
                spec.seed(),
                spec.quantization(),
                spec.training(),
                spec.synthesis(),
                accuracy,
                onnx,
                speed,
                Gate.of(spec.evaluation(), accuracy.change(), speed, onnx.bytes()),
                earlier,
                seconds,
                digests);
    }
}
