package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.Graph;
import java.util.Map;

/** The rules of a {@link Target}. */
public sealed interface QuantizationPolicy permits ReferencePolicy, IntegerPolicy {

    /**
     * How one value of the network is quantized.
     *
     * @param bits its width
     * @param observed the node at whose value the range is found: its own, or one whose range it shares
     */
    record Edge(BitWidth bits, String observed) {}

    /** The graph that is quantized in place of {@code network}; it computes the same. */
    Graph prepare(Graph network);

    /** The values to quantize, by the names of their nodes in the order of the prepared graph. */
    Map<String, Edge> edges(Graph prepared, ActivationBits bits);

    /** The range to quantize by where {@code observed} was found. */
    Range covering(Range observed);

    /** Whether biases are integers, too. */
    boolean quantizesBiases();
}
