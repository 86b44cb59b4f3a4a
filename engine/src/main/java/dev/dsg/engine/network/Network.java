package dev.dsg.engine.network;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;

/**
 * A network of a known architecture whose parameters have the names that one library gives them. Libraries name the same
 * layers differently, and some differ in a layer or two; a network is built as its library builds it.
 */
public interface Network {

    /**
     * The graph with the parameters of {@code source}: input {@code [batch, 3, height, width]}, output {@code [batch,
     * classes]}.
     */
    Graph build(GraphBuilder.Source source);

    /** The key of the last layer, by which files of different libraries are told apart. */
    String classifier();

    /** The side of the images that the network was made for, in pixels. */
    default int side() {
        return 224;
    }

    /** Whether the library stores the tensor {@code key} although only training uses it. */
    default boolean onlyForTraining(String key) {
        return key.endsWith(".num_batches_tracked");
    }
}
