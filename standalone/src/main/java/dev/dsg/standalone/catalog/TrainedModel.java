package dev.dsg.standalone.catalog;

import dev.dsg.contracts.catalog.ImageShape;
import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.catalog.ModelFormat;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.StoreLayout;
import dev.dsg.engine.data.Preprocessing;
import dev.dsg.engine.format.SafetensorsWriter;
import dev.dsg.engine.graph.Graph;
import dev.dsg.platform.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A network that was trained here, on its way to disk.
 *
 * @param name its name
 * @param architecture the builder of its graph
 * @param graph with the trained weights
 * @param shape of one image
 * @param preprocessing what the network expects of an image
 * @param classes in the order of the logits
 * @param training where the weights come from
 */
public record TrainedModel(
        String name,
        String architecture,
        Graph graph,
        ImageShape shape,
        Preprocessing preprocessing,
        List<String> classes,
        ModelCard.Training training) {

    private static final String LICENCE = "Apache-2.0";

    /** Writes {@code model.safetensors}, {@code model.json} and {@code README.md} into a folder. */
    public void write(Path folder) throws IOException {
        var writer = new SafetensorsWriter();
        graph.initializers().forEach(writer::floats);
        var weights = writer.toBytes();
        var card = card(ObjectRef.of(StoreLayout.modelFile(name, ModelFormat.SAFETENSORS.fileName()), weights));
        Files.createDirectories(folder);
        Files.write(folder.resolve("model.safetensors"), weights);
        Files.writeString(folder.resolve("model.json"), Json.pretty(card) + "\n");
        Files.writeString(folder.resolve("README.md"), text(card));
    }

    private ModelCard card(ObjectRef weights) {
        return new ModelCard(
                name,
                ModelFormat.SAFETENSORS,
                architecture,
                shape,
                null,
                decimals(preprocessing.mean()),
                decimals(preprocessing.deviation()),
                classes,
                LICENCE,
                weights,
                training);
    }

    private String text(ModelCard card) {
        return String.format(
                Locale.ROOT,
                """
                # %s

                | | |
                |---|---|
                | architecture | `%s`, %,d values |
                | input | `[batch, %d, %d, %d]`, `(pixel / 255 - mean) / std`, mean %s, std %s |
                | classes | %s |
                | trained on | %s |
                | recipe | %s |
                | seed | %d |
                | top-1 on the test images | %.2f %% |
                | weights | `model.safetensors`, %,d bytes, SHA-256 `%s` |
                | licence | %s |

                `dsg train` repeats it; its defaults are the recipe. The same machine, settings and number of threads give the
                same bytes. The network exists to be quantized: it is small, it has its BatchNorm layers, and its training data
                is public, so what quantization without data loses can be measured against what is possible with it.
                """,
                name,
                architecture,
                graph.parameterCount(),
                shape.channels(),
                shape.height(),
                shape.width(),
                card.mean(),
                card.std(),
                String.join(", ", classes),
                training.dataset(),
                training.recipe(),
                training.seed(),
                100 * training.top1(),
                card.weights().size(),
                card.weights().sha256(),
                LICENCE);
    }

    /** The shortest decimal fractions that stand for these numbers: 0.4914, not 0.4914000034332275. */
    private static List<Double> decimals(float[] values) {
        var decimals = new ArrayList<Double>();
        for (var value : values) {
            decimals.add(Double.valueOf(Float.toString(value)));
        }
        return decimals;
    }
}
