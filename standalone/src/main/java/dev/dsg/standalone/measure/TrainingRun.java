package dev.dsg.standalone.measure;

import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.store.Sha256;
import java.util.List;

/**
 * What one job of a study achieved, as its report says; one line of the study's file.
 *
 * @param job that was run; {@code ./dsg report} tells more of it
 * @param model the network
 * @param network SHA-256 of its file
 * @param dataset what it was measured on
 * @param testImages how many images of it
 * @param variant name of the {@link TrainingVariant}
 * @param fields of the job that make the variant
 * @param settings that were given for all variants, as far as they apply to this one
 * @param seed of everything random
 * @param weightBits 2..8
 * @param activationBits 2..8
 * @param top1 share of the test images that the quantized network gets right
 * @param fp32Top1 the same of the network as it came
 * @param seconds from the submission to the report, on a machine that may have had other things to do
 */
public record TrainingRun(
        JobId job,
        String model,
        Sha256 network,
        String dataset,
        int testImages,
        String variant,
        List<String> fields,
        List<String> settings,
        long seed,
        int weightBits,
        int activationBits,
        double top1,
        double fp32Top1,
        double seconds) {

    /** Copies the lists. */
    public TrainingRun {
        fields = List.copyOf(fields);
        settings = List.copyOf(settings);
    }

    Widths widths() {
        return new Widths(weightBits, activationBits);
    }
}
