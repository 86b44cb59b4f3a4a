package dev.dsg.contracts.result;

import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.job.QuantizationScheme;
import dev.dsg.contracts.job.RangeMethod;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import java.util.List;

/**
 * What a job achieved: {@code jobs/ID/report.json}.
 *
 * @param jobId which job
 * @param model the network
 * @param dataset what it was measured on
 * @param seed seed of everything random
 * @param scheme how it was quantized
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param synthesis how the images were made
 * @param range how activation ranges were found
 * @param accuracy before and after
 * @param seconds how long the stages took
 * @param digests what was used and made
 */
public record JobReport(
        JobId jobId,
        String model,
        String dataset,
        long seed,
        QuantizationScheme scheme,
        BitWidth weightBits,
        BitWidth activationBits,
        SynthesisSpec synthesis,
        RangeMethod range,
        Accuracy accuracy,
        Seconds seconds,
        Digests digests) {

    /**
     * Accuracy before and after.
     *
     * @param images number of images it was measured on
     * @param fp32 of the network as it came
     * @param quantized of the artefact
     * @param agreement share of the images, as a fraction, of which both say the same class, right or wrong
     */
    public record Accuracy(int images, TopK fp32, TopK quantized, double agreement) {
        /** Refuses missing parts and measurements on nothing. */
        public Accuracy {
            Require.atLeast("accuracy.images", images, 1);
            Require.present("accuracy.fp32", fp32);
            Require.present("accuracy.quantized", quantized);
            Require.within("accuracy.agreement", agreement, 0, 1);
        }
    }

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
     * @param batches the images, in order
     * @param artifact the quantized network
     */
    public record Digests(Sha256 model, List<Sha256> batches, Sha256 artifact) {
        /** Refuses missing parts. */
        public Digests {
            Require.present("digests.model", model);
            batches = Require.list("digests.batches", batches, 1);
            Require.present("digests.artifact", artifact);
        }

        /** The digests that a manifest names. */
        public static Digests of(Manifest manifest) {
            return new Digests(
                    manifest.weights().sha256(),
                    manifest.batches().stream().map(ObjectRef::sha256).toList(),
                    manifest.artifact().sha256());
        }
    }

    /** Refuses missing parts. */
    public JobReport {
        Require.present("jobId", jobId);
        Require.name("model", model);
        Require.name("dataset", dataset);
        Require.present("scheme", scheme);
        Require.present("weightBits", weightBits);
        Require.present("activationBits", activationBits);
        Require.present("synthesis", synthesis);
        Require.present("range", range);
        Require.present("accuracy", accuracy);
        Require.present("seconds", seconds);
        Require.present("digests", digests);
    }

    /** The report of a job. */
    public static JobReport of(JobSpec spec, Accuracy accuracy, Seconds seconds, Digests digests) {
        return new JobReport(
                spec.jobId(),
                spec.model(),
                spec.evaluation().dataset(),
                spec.seed(),
                spec.quantization().scheme(),
                spec.quantization().weightBits(),
                spec.quantization().activationBits(),
                spec.synthesis(),
                spec.quantization().range(),
                accuracy,
                seconds,
                digests);
    }
}
