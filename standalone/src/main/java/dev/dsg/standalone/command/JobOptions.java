package dev.dsg.standalone.command;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.SynthesisMethod;
import dev.dsg.standalone.job.ConfFile;
import dev.dsg.standalone.job.JobFields;
import dev.dsg.standalone.job.JobFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What a job is to do; what is left out is as the presets say. */
final class JobOptions {

    static final String MODEL = "resnet20-cifar10";
    private static final Config DEFAULTS = ConfigFactory.parseMap(Map.of("model", MODEL));

    @Option(names = "--model", paramLabel = "NAME", description = "the network (default: " + MODEL + ")")
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
            names = "--scheme",
            paramLabel = "SCHEME",
            description = "ptq, which calibrates and rounds, or qat, which trains the network from there on (default:"
                    + " ${bundle:preset.scheme})")
    private String scheme;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description = "where qat has its images from: inversion, a fixed set, or generator, which makes new ones"
                    + " while the network trains (default: ${bundle:preset.source})")
    private String source;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description = "settings in HOCON under their published names, or the name of a profile: default, cifar or"
                    + " imagenet; options win over them")
    private String conf;

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

    private List<String> notes = List.of();

    /** The request, its values not checked yet. */
    JobRequest request() {
        return request(method, iterations, ConfigFactory.empty(), DEFAULTS);
    }

    /** The request that a file makes, but for what the options say otherwise. */
    JobRequest request(JobFile file) {
        file.read();
        return request(method, iterations, file.fields(), ConfigFactory.empty());
    }

    /** The request with another method, which takes of the options what applies to it. */
    JobRequest request(String other) {
        var noise = SynthesisMethod.NOISE.wireName().equals(other);
        return request(other, noise ? null : iterations, ConfigFactory.empty(), DEFAULTS);
    }

    boolean namesMethod() {
        return method != null;
    }

    /** What people should know of how the settings of the last request were read. */
    List<String> notes() {
        return notes;
    }

    /** Options win over the file, that over the settings, those over what else is known. */
    private JobRequest request(String synthesis, Integer steps, Config file, Config rest) {
        var said = said(synthesis, steps);
        var settings = settings(JobFields.of(said, assignments, file));
        notes = settings.notes();
        return JobFields.of(
                said, assignments, file.withFallback(settings.fields()).withFallback(rest));
    }

    private ConfFile.Settings settings(JobRequest said) {
        var chosen = said.training() == null ? null : said.training().source();
        return conf == null ? ConfFile.Settings.NONE : new ConfFile(conf).read(chosen);
    }

    private Map<String, Object> said(String synthesis, Integer steps) {
        var said = new HashMap<String, Object>();
        said.put("model", model);
        said.put("synthesis.method", synthesis);
        said.put("synthesis.images", images);
        said.put("synthesis.batchSize", batchSize);
        said.put("synthesis.iterations", steps);
        said.put("quantization.scheme", scheme);
        said.put("training.source", source);
        said.put("quantization.weightBits", weightBits);
        said.put("quantization.activationBits", activationBits);
        said.put("quantization.range", range);
        said.put("quantization.rounding", rounding);
        said.put("quantization.target", target);
        said.put("evaluation.dataset", dataset);
        said.put("evaluation.batchSize", testBatchSize);
        said.put("seed", seed);
        return said;
    }
}
