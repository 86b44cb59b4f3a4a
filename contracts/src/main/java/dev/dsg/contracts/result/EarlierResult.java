package dev.dsg.contracts.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.BitWidth;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.QuantizationScheme;
import dev.dsg.contracts.job.Rounding;
import dev.dsg.contracts.job.SynthesisMethod;
import dev.dsg.contracts.job.Target;
import dev.dsg.contracts.store.Sha256;
import java.time.Instant;

/**
 * A report in one line, to compare later ones of the same network with: {@code results/NETWORK/...}.
 *
 * @param jobId whose report
 * @param measuredAt when
 * @param model digest of the network's weights
 * @param dataset digest of the images; two results compare if both digests are equal
 * @param scheme the procedure
 * @param weightBits width of the weights
 * @param activationBits width of the activations
 * @param rounding how weights were rounded
 * @param target what the artefact is made for
 * @param method how the images were made
 * @param seed seed of everything random
 * @param top1 share of the images, as a fraction, of which the artefact is right
 * @param agreement share of those of which it says what the network as it came says
 * @param bytes size of its ONNX model
 * @param speedup how many times as fast it is with one image at a time; {@code null} where that was not measured
 */
public record EarlierResult(
        JobId jobId,
        Instant measuredAt,
        Sha256 model,
        Sha256 dataset,
        QuantizationScheme scheme,
        BitWidth weightBits,
        BitWidth activationBits,
        Rounding rounding,
        Target target,
        SynthesisMethod method,
        long seed,
        double top1,
        double agreement,
        long bytes,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double speedup) {

    /** Refuses missing parts. */
    public EarlierResult {
        Require.present("jobId", jobId);
        Require.present("measuredAt", measuredAt);
        Require.present("model", model);
        Require.present("dataset", dataset);
        Require.present("scheme", scheme);
        Require.present("weightBits", weightBits);
        Require.present("activationBits", activationBits);
        Require.present("rounding", rounding);
        Require.present("target", target);
        Require.present("method", method);
        Require.within("top1", top1, 0, 1);
        Require.within("agreement", agreement, 0, 1);
        Require.atLeast("bytes", bytes, 1);
    }

    /** That of a report. */
    public static EarlierResult of(JobReport report) {
        return new EarlierResult(
                report.jobId(),
                report.measuredAt(),
                report.digests().model(),
                report.digests().dataset(),
                report.quantization().scheme(),
                report.quantization().weightBits(),
                report.quantization().activationBits(),
                report.quantization().rounding(),
                report.quantization().target(),
                report.synthesis().method(),
                report.seed(),
                report.accuracy().quantized().top1(),
                report.accuracy().agreement(),
                report.onnx().bytes(),
                report.speed() == null
                        ? null
                        : report.speed().paces().getFirst().speedup());
    }

    /** Whether both measured the same network on the same images. */
    public boolean comparesTo(Sha256 otherModel, Sha256 otherDataset) {
        return model.equals(otherModel) && dataset.equals(otherDataset);
    }
}
