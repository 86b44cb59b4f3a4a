package dev.dsg.standalone.measure;

import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.standalone.job.JobFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;

/**
 * Where a study's calibration images come from.
 *
 * @param method {@code noise}, {@code zeroq}, {@code dsg}, or {@code real} for images of the training set
 * @param images how many
 * @param iterations optimiser steps; without meaning for noise and real images
 * @param slackPercentile overrides the method's own unless null, as do the two that follow
 */
record Calibration(
        String method,
        int images,
        int iterations,
        Double slackPercentile,
        Double layerEnhancement,
        Double correlationInhibition) {

    static final String REAL = "real";

    boolean isReal() {
        return method.equals(REAL);
    }

    boolean isOptimised() {
        return !isReal() && !method.equals("noise");
    }

    /** Draws real images. */
    List<HostTensor> draw(ImageSet training, Preprocessing preprocessing, long seed) {
        Random random = new Random(seed);
        ImageSet drawn = ImageSet.concat(random.ints(images, 0, training.count())
                .mapToObj(i -> training.slice(i, i + 1))
                .toList());
        try (Scope _ = Scope.open()) {
            var batch = preprocessing.batch(drawn, 0, images);
            return List.of(new HostTensor(batch.shape(), batch.toFloats()));
        }
    }

    /** Synthesises images in batches of 64, as a job would. */
    List<HostTensor> synthesise(Synthesizer synthesizer, long seed) {
        SynthesisSpec spec = spec();
        Margins margins = synthesizer.probe(spec.slackPercentile(), spec.probeImages(), ProgressListener.NONE);
        List<HostTensor> batches = new ArrayList<>();
        for (int i = 0; i < spec.batches(); i++) {
            SyntheticBatch batch = synthesizer.synthesize(
                    settings(spec), margins, seed, i, i * spec.batchSize(), spec.imagesIn(i), ProgressListener.NONE);
            batches.add(batch.images());
        }
        return batches;
    }

    private SynthesisSpec spec() {
        var said = new HashMap<String, Object>();
        said.put("jobId", "study");
        said.put("model", "study");
        said.put("synthesis.method", method);
        said.put("synthesis.images", images);
        said.put("synthesis.batchSize", Math.min(64, images));
        said.put("synthesis.iterations", isOptimised() ? iterations : null);
        said.put("synthesis.slackPercentile", slackPercentile);
        said.put("synthesis.layerEnhancement", layerEnhancement);
        said.put("synthesis.correlationInhibition", correlationInhibition);
        return JobFields.of(said, List.of()).resolve().synthesis();
    }

    private static SynthesisSettings settings(SynthesisSpec spec) {
        return new SynthesisSettings(
                Initialization.valueOf(spec.init().name()),
                spec.iterations(),
                spec.learningRate(),
                spec.plateauPatience(),
                spec.slackPercentile(),
                spec.layerEnhancement(),
                spec.correlationInhibition(),
                spec.labelLoss(),
                spec.totalVariation(),
                spec.pixelNorm());
    }

    /** The row's name in a table. */
    String label() {
        List<String> parts = new ArrayList<>(Arrays.asList(method, String.valueOf(images)));
        if (isOptimised()) {
            parts.set(1, images + " x " + iterations);
        }
        return String.join(" ", parts);
    }
}
