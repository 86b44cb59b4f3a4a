package dev.dsg.engine.network;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import java.util.List;
import java.util.Map;

/**
 * What a network is made of and what it costs.
 *
 * @param layers every operation, in the graph's order
 */
public record NetworkProfile(List<Layer> layers) {

    /**
     * One operation.
     *
     * @param name of its node
     * @param operation for people, such as {@code Conv 3x3, stride 2}
     * @param output the shape of what it makes
     * @param parameters number of its trained values; the running statistics of a BatchNorm are not among them
     * @param multiplyAdds of a convolution or fully connected layer for one image; 0 for all others
     */
    public record Layer(String name, String operation, Shape output, long parameters, long multiplyAdds) {}

    public NetworkProfile {
        layers = List.copyOf(layers);
    }

    /** The profile of {@code graph} for images of shape {@code input}. */
    public static NetworkProfile of(Graph graph, Shape input) {
        Map<String, Shape> shapes = ShapeInference.infer(graph, input);
        return new NetworkProfile(graph.nodes().stream()
                .map(node -> new Layer(
                        node.name(),
                        operation(graph, node),
                        shapes.get(node.name()),
                        parameters(graph, node),
                        multiplyAdds(graph, node, shapes.get(node.name()))))
                .toList());
    }

    /** The number of BatchNorm layers. */
    public long batchNorms() {
        return layers.stream()
                .filter(layer -> layer.operation().equals(Op.BatchNorm.class.getSimpleName()))
                .count();
    }

    /** The number of trained values, as libraries count them. */
    public long parameters() {
        return layers.stream().mapToLong(Layer::parameters).sum();
    }

    /** Multiply-adds for one image; a multiply-add is two floating-point operations. */
    public long multiplyAdds() {
        return layers.stream().mapToLong(Layer::multiplyAdds).sum();
    }

    private static long parameters(Graph graph, Node node) {
        int trained = node.op() instanceof Op.BatchNorm ? 2 : node.parameters().size();
        return node.parameters().stream()
                .limit(trained)
                .mapToLong(name -> graph.initializers().get(name).values().length)
                .sum();
    }

    /** For each output value, one for each weight of its channel. */
    private static long multiplyAdds(Graph graph, Node node, Shape output) {
        if (!(node.op() instanceof Op.Conv) && !(node.op() instanceof Op.Gemm)) {
            return 0;
        }
        HostTensor weight = graph.parameter(node, 0);
        return (long) output.count() * (weight.values().length / weight.size(0));
    }

    private static String operation(Graph graph, Node node) {
        String kind = node.op().getClass().getSimpleName();
        if (node.op() instanceof Op.Conv conv) {
            HostTensor weight = graph.parameter(node, 0);
            return kind + " " + text(new Size(weight.size(2), weight.size(3))) + stride(conv.stride())
                    + (conv.dilation().equals(Size.ONE) ? "" : ", dilation " + text(conv.dilation()))
                    + (conv.groups() == 1 ? "" : ", " + conv.groups() + " groups");
        } else if (node.op() instanceof Op.MaxPool(Window window)) {
            return kind + " " + text(window.kernel()) + stride(window.stride());
        } else if (node.op() instanceof Op.AveragePool pool) {
            return kind + " " + text(pool.window().kernel())
                    + stride(pool.window().stride());
        }
        return kind;
    }

    private static String stride(Size stride) {
        return stride.equals(Size.ONE) ? "" : ", stride " + text(stride);
    }

    private static String text(Size size) {
        return size.height() + "x" + size.width();
    }
}
