package dev.dsg.engine.network;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.Weights;
import dev.dsg.engine.format.onnx.reading.OnnxImport;
import dev.dsg.engine.format.onnx.reading.OnnxImport.Choice;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import java.util.Optional;

/**
 * What a network's card says about its file; the one way from the bytes of a file to a graph.
 *
 * @param architecture the name of the builder, for a file of weights; nothing for ONNX, which holds the graph itself
 * @param input the shape of one image
 * @param classes the number of logits
 */
public record NetworkFile(Optional<String> architecture, Shape input, int classes) {

    /**
     * The network in {@code file}: ONNX without an architecture, otherwise weights as safetensors or as a PyTorch state
     * dict, which their first bytes tell apart.
     *
     * @throws EngineException as {@link Architectures#build} and {@link OnnxImport} say, or {@link
     *     Kind#INCOMPATIBLE_SHAPES} if the network does not map such images to so many logits
     */
    public Graph read(byte[] file) {
        Graph graph = architecture
                .map(name -> Architectures.build(name, classes, Weights.parse(file)))
                .orElseGet(() -> OnnxImport.parse(file, new Choice(Optional.of(input), Optional.empty()))
                        .graph());
        String output = graph.output().name();
        Shape logits = ShapeInference.infer(graph, input).get(output);
        if (!logits.equals(Shape.of(classes))) {
            throw new EngineException(
                    Kind.INCOMPATIBLE_SHAPES, "output " + output, logits, Shape.of(classes) + ", one logit a class");
        }
        requireVariances(graph);
        return graph;
    }

    /** BatchNorm divides by their roots, and synthesis takes them for what the training data was like. */
    private static void requireVariances(Graph graph) {
        for (Node norm : graph.nodes(Op.BatchNorm.class)) {
            for (float variance : graph.parameter(norm, 3).values()) {
                if (!(variance >= 0)) {
                    throw new EngineException(
                            Kind.CORRUPT_FILE,
                            "tensor " + norm.parameters().get(3),
                            variance,
                            "running variances, none below 0");
                }
            }
        }
    }
}
