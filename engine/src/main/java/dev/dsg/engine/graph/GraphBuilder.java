package dev.dsg.engine.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link Graph} node by node; every method returns the name of the node it added. */
public final class GraphBuilder {

    /** Where initial values come from: a file, or a random initialisation. */
    @FunctionalInterface
    public interface Source {
        /** The value of the parameter {@code name}, which has the given shape. */
        HostTensor get(String name, long... shape);
    }

    private final Source source;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, HostTensor> initializers = new LinkedHashMap<>();

    public GraphBuilder(Source source) {
        this.source = source;
    }

    public String input(String name) {
        return add(name, new Op.Input(), List.of(), List.of());
    }

    /** A convolution without bias, weight {@code name.weight [out, in, kernel, kernel]}. */
    public String conv(String name, String x, int in, int out, int kernel, int stride, int padding) {
        return conv(name, x, in, out, Size.square(kernel), new Op.Conv(stride, padding, 1), false);
    }

    /**
     * Any convolution of {@code in} channels to {@code out}: weight {@code name.weight [out, in / groups, height,
     * width]}, and {@code name.bias [out]} if it has a {@code bias}.
     */
    public String conv(String name, String x, int in, int out, Size kernel, Op.Conv conv, boolean bias) {
        List<String> parameters = new ArrayList<>();
        parameters.add(parameter(name + ".weight", out, in / conv.groups(), kernel.height(), kernel.width()));
        if (bias) {
            parameters.add(parameter(name + ".bias", out));
        }
        return add(name, conv, List.of(x), parameters);
    }

    /** Batch normalisation with PyTorch's key names and its epsilon, 1e-5. */
    public String batchNorm(String name, String x, int channels) {
        return batchNorm(name, x, channels, 1e-5);
    }

    /** Batch normalisation with PyTorch's key names. */
    public String batchNorm(String name, String x, int channels, double epsilon) {
        List<String> parameters = List.of(
                parameter(name + ".weight", channels),
                parameter(name + ".bias", channels),
                parameter(name + ".running_mean", channels),
                parameter(name + ".running_var", channels));
        return add(name, new Op.BatchNorm(epsilon), List.of(x), parameters);
    }

    /** A fully connected layer, {@code name.weight [out, in]} and {@code name.bias [out]}. */
    public String gemm(String name, String x, int in, int out) {
        List<String> parameters = List.of(parameter(name + ".weight", out, in), parameter(name + ".bias", out));
        return add(name, new Op.Gemm(), List.of(x), parameters);
    }

    /** The product with {@code name.value}, which has the given shape; see {@link Op.MulConstant}. */
    public String mulConstant(String name, String x, long... shape) {
        return add(name, new Op.MulConstant(), List.of(x), List.of(parameter(name + ".value", shape)));
    }

    /** The sum with {@code name.value}, which has the given shape; see {@link Op.AddConstant}. */
    public String addConstant(String name, String x, long... shape) {
        return add(name, new Op.AddConstant(), List.of(x), List.of(parameter(name + ".value", shape)));
    }

    /** Any operation without parameters. */
    public String add(String name, Op op, String... inputs) {
        return add(name, op, List.of(inputs), List.of());
    }

    private String add(String name, Op op, List<String> inputs, List<String> parameters) {
        nodes.add(new Node(name, op, inputs, parameters));
        return name;
    }

    private String parameter(String name, long... shape) {
        initializers.put(name, source.get(name, shape));
        return name;
    }

    public Graph build() {
        return new Graph(nodes, initializers);
    }
}
