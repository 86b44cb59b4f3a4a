package dev.dsg.standalone.command;

import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.SynthesisMethod;
import dev.dsg.standalone.job.JobFields;
import java.util.HashMap;
import java.util.List;
import picocli.CommandLine.Option;

/** What a job is to do; what is left out is as the presets say. */
final class JobOptions {

    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "resnet20-cifar10",
            description = "the network (default: ${DEFAULT-VALUE})")
    private String model;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "what the result is measured on (default: ${bundle:preset.dataset})")
    private String dataset;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "synthetic images optimised together (default: ${bundle:preset.batch-size})")
    private Integer batchSize;

    @Option(
            names = "--test-batch-size",
            paramLabel = "N",
            description = "test images evaluated together (default: ${bundle:preset.test-batch-size})")
    private Integer testBatchSize;

    @Option(
            names = "--w-bit",
            paramLabel = "BITS",
            description = "bits of a weight, 2..8 (default: ${bundle:preset.w-bit})")
    private Integer weightBits;

    @Option(
            names = "--a-bit",
            paramLabel = "BITS",
            description = "bits of an activation, 2..8 (default: ${bundle:preset.a-bit})")
    private Integer activationBits;

    @Option(
            names = "--synthesis",
            paramLabel = "METHOD",
            description = "how images are made: noise, zeroq, dsg, dsg-paper, dsg-released or genie (default:"
                    + " ${bundle:preset.method})")
    private String method;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "synthetic images in all (default: ${bundle:preset.images})")
    private Integer images;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "optimiser steps per batch (default: ${bundle:preset.iterations}; noise takes none)")
    private Integer iterations;

    @Option(
            names = "--range",
            paramLabel = "METHOD",
            description = "how activation ranges are found: sample-mean, min-max, percentile or mse (default:"
                    + " ${bundle:preset.range})")
    private String range;

    @Option(
            names = "--rounding",
            paramLabel = "METHOD",
            description = "how weights are rounded: nearest, squant, adaround, brecq or qdrop (default:"
                    + " ${bundle:preset.rounding})")
    private String rounding;

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = "what the network is made for: reference, as in the literature, or onnxruntime, for integer"
                    + " arithmetic (default: ${bundle:preset.target})")
    private String target;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "seed of everything random (default: ${bundle:preset.seed})")
    private Long seed;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "any field of a job, such as synthesis.learningRate=0.25; may be given several times")
    private List<String> assignments = List.of();

    /** The request, its values not checked yet. */
    JobRequest request() {
        return request(method, iterations);
    }

    /** The request with another method, which takes of the options what applies to it. */
    JobRequest request(String other) {
        var noise = SynthesisMethod.NOISE.wireName().equals(other);
        return request(other, noise ? null : iterations);
    }

    boolean namesMethod() {
        return method != null;
    }

    private JobRequest request(String synthesis, Integer steps) {
        var said = new HashMap<String, Object>();
        said.put("model", model);
        said.put("synthesis.method", synthesis);
        said.put("synthesis.images", images);
        said.put("synthesis.batchSize", batchSize);
        said.put("synthesis.iterations", steps);
        said.put("quantization.weightBits", weightBits);
        said.put("quantization.activationBits", activationBits);
        said.put("quantization.range", range);
        said.put("quantization.rounding", rounding);
        said.put("quantization.target", target);
        said.put("evaluation.dataset", dataset);
        said.put("evaluation.batchSize", testBatchSize);
        said.put("seed", seed);
        return JobFields.of(said, assignments);
    }
}
