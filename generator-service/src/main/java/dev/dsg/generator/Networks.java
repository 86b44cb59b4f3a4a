package dev.dsg.generator;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.engine.EngineException;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.network.NetworkFile;
import dev.dsg.engine.qat.GeneratorSettings;
import dev.dsg.engine.qat.ImageGenerator;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.platform.catalog.Catalog;
import dev.dsg.platform.catalog.Recent;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The networks that lie in the store, ready for synthesis. The last few are kept in memory. */
@Singleton
final class Networks {

    private static final int KEPT = 4;

    private final Catalog catalog;
    private final Plugins plugins;
    private final Recent<ModelCard, Graph> graphs = new Recent<>(KEPT);

    Networks(Catalog catalog, Plugins plugins) {
        this.catalog = catalog;
        this.plugins = plugins;
    }

    /**
     * A synthesizer for a network; the caller closes it.
     *
     * @throws DsgException {@code CORRUPT_MODEL} if the file is not that of the card or of its architecture,
     *     {@code NO_BATCH_NORM}, {@code UNSUPPORTED_OPERATOR}, {@code UNRESOLVED_SHAPE}, or {@code INVALID_FIELD} if the architecture is not known
     */
    Synthesizer synthesizer(ModelCard card) {
        try {
            return new Synthesizer(
                    network(card),
                    plugins.parameterizations(),
                    card.inputShape().channels(),
                    card.inputShape().height(),
                    card.inputShape().width());
        } catch (EngineException e) {
            throw EngineFailures.translate(e);
        }
    }

    /**
     * A generator network that learns from a network; the caller closes it.
     *
     * @throws EngineException if it cannot be read, or has no BatchNorm
     */
    ImageGenerator generator(ModelCard card, GeneratorSettings settings, Margins margins) {
        return new ImageGenerator(
                network(card),
                card.inputShape().channels(),
                card.inputShape().height(),
                card.inputShape().width(),
                settings,
                margins);
    }

    /**
     * A network.
     *
     * @throws EngineException if it cannot be read
     */
    Graph network(ModelCard card) {
        return graphs.get(card, () -> read(card));
    }

    private Graph read(ModelCard card) {
        var shape = card.inputShape();
        return new NetworkFile(
                        Optional.ofNullable(card.architecture()),
                        Shape.of(shape.channels(), shape.height(), shape.width()),
                        card.classes().size())
                .read(catalog.weights(card));
    }
}
