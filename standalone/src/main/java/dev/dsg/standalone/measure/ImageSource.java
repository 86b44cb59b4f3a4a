package dev.dsg.standalone.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dsg.contracts.job.JobId;
import dev.dsg.contracts.job.JobRequest;
import dev.dsg.contracts.job.SynthesisSpec;
import dev.dsg.engine.ProgressListener;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.synthesis.Initialization;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Statistics;
import dev.dsg.engine.synthesis.SynthesisSettings;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.platform.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Where the calibration images of a study come from: a method as a job names it, with some of its settings changed, or
 * images of the training set.
 *
 * @param label the text it was read from, such as {@code zeroq:layerEnhancement=1} or {@code real:images=256}
 * @param synthesis how to make the images; of {@code real} images nothing but their number means anything
 */
record ImageSource(String label, SynthesisSpec synthesis) {

    private static final String REAL = "real";

    /**
     * Reads {@code METHOD[:FIELD=VALUE]...}, the fields being those of a job's {@code synthesis}.
     *
     * @throws dev.dsg.contracts.error.DsgException {@code INVALID_FIELD}, as for a job
     */
    static ImageSource parse(String text) {
        String[] parts = text.split(":");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("method", parts[0].equals(REAL) ? "noise" : parts[0]);
        for (int i = 1; i < parts.length; i++) {
            String[] setting = parts[i].split("=", 2);
            json.set(setting[0], value(setting.length == 2 ? setting[1] : "true"));
        }
        JobRequest.Synthesis request = Json.parse(Json.bytes(json), JobRequest.Synthesis.class);
        return new ImageSource(
                text,
                new JobRequest(new JobId("study"), "study", request, null, null, null, null)
                        .resolve()
                        .synthesis());
    }

    private static JsonNode value(String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (text.equals("true") || text.equals("false")) {
            return nodes.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            return nodes.numberNode(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            return text.matches("-?[\\d.]+([eE]-?\\d+)?")
                    ? nodes.numberNode(Double.parseDouble(text))
                    : nodes.textNode(text);
        }
    }

    boolean isReal() {
        return label.equals(REAL) || label.startsWith(REAL + ":");
    }

    /**
     * The images, in batches as a job would make them.
     *
     * @param training where real ones are drawn from; not asked for others
     */
    List<HostTensor> images(
            Synthesizer synthesizer, Supplier<ImageSet> training, Preprocessing preprocessing, long seed) {
        return isReal() ? draw(training.get(), preprocessing, seed) : synthesise(synthesizer, seed);
    }

    /** Draws real images, in batches as a job would make them. */
    List<HostTensor> draw(ImageSet training, Preprocessing preprocessing, long seed) {
        Random random = new Random(seed);
        List<HostTensor> batches = new ArrayList<>();
        for (int i = 0; i < synthesis.batches(); i++) {
            ImageSet drawn = ImageSet.concat(random.ints(synthesis.imagesIn(i), 0, training.count())
                    .mapToObj(at -> training.slice(at, at + 1))
                    .toList());
            try (Scope _ = Scope.open()) {
                var batch = preprocessing.batch(drawn, 0, drawn.count());
                batches.add(new HostTensor(batch.shape(), batch.toFloats()));
            }
        }
        return batches;
    }

    /** Synthesises images in batches, as a job would. */
    List<HostTensor> synthesise(Synthesizer synthesizer, long seed) {
        Margins margins = synthesizer.probe(
                synthesis.slackPercentile(), statistics(), synthesis.probeImages(), ProgressListener.NONE);
        List<HostTensor> batches = new ArrayList<>();
        for (int i = 0; i < synthesis.batches(); i++) {
            int first = i * synthesis.batchSize();
            batches.add(synthesizer
                    .synthesize(settings(), margins, seed, i, first, synthesis.imagesIn(i), ProgressListener.NONE)
                    .images());
        }
        return batches;
    }

    private SynthesisSettings settings() {
        return new SynthesisSettings(
                Initialization.valueOf(synthesis.init().name()),
                synthesis.iterations(),
                synthesis.learningRate(),
                synthesis.plateauPatience(),
                synthesis.slackPercentile(),
                synthesis.layerEnhancement(),
                synthesis.correlationInhibition(),
                synthesis.populationAlignment(),
                synthesis.labelLoss(),
                synthesis.totalVariation(),
                synthesis.pixelNorm(),
                synthesis.parameterization(),
                statistics(),
                synthesis.swing(),
                synthesis.generatorLearningRate());
    }

    private Statistics statistics() {
        return Statistics.valueOf(synthesis.statistics().name());
    }
}
