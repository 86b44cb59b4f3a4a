package dev.dsg.engine.network;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.GraphBuilder;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import java.util.List;

/** Adds the layers that convolutional networks are made of, and keeps account of channels. */
final class Layers {

    /** A value on its way through the network: the node that makes it, and its channels. */
    record Flow(String node, int channels) {}

    private final GraphBuilder graph;
    private final Op activation;
    private final double epsilon;
    private final boolean bias;

    /**
     * @param activation what follows a block
     * @param epsilon of BatchNorm
     * @param bias whether convolutions have one although a BatchNorm follows
     */
    Layers(GraphBuilder.Source source, Op activation, double epsilon, boolean bias) {
        this.graph = new GraphBuilder(source);
        this.activation = activation;
        this.epsilon = epsilon;
        this.bias = bias;
    }

    /** Layers as most networks have them: ReLU, epsilon 1e-5, no bias. */
    Layers(GraphBuilder.Source source) {
        this(source, new Op.Relu(), 1e-5, false);
    }

    static void requireClasses(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes " + classes + " is below 2");
        }
    }

    /** The images, in colour. */
    Flow input() {
        return new Flow(graph.input("input"), 3);
    }

    /** Convolution, BatchNorm, activation. */
    Flow block(Names names, Flow x, int out, Kernel kernel) {
        return activate(names.activation(), linear(names, x, out, kernel));
    }

    /** Convolution and BatchNorm. */
    Flow linear(Names names, Flow x, int out, Kernel kernel) {
        String y = graph.conv(names.conv(), x.node(), x.channels(), out, kernel.size(), kernel.conv(), bias);
        return new Flow(graph.batchNorm(names.batchNorm(), y, out, epsilon), out);
    }

    Flow activate(String name, Flow x) {
        return apply(name, activation, x);
    }

    /** An operation without parameters that keeps the channels. */
    Flow apply(String name, Op op, Flow x) {
        return new Flow(graph.add(name, op, x.node()), x.channels());
    }

    Flow maxPool(String name, Flow x, int kernel, int stride, int padding) {
        return apply(name, new Op.MaxPool(Window.square(kernel, stride, padding)), x);
    }

    /** An average in which padding counts as zeros. */
    Flow averagePool(String name, Flow x, int kernel, int stride, int padding) {
        return apply(name, new Op.AveragePool(Window.square(kernel, stride, padding), true), x);
    }

    Flow add(String name, Flow x, Flow y) {
        return new Flow(graph.add(name, new Op.Add(), x.node(), y.node()), x.channels());
    }

    /** The channels of all, in this order. */
    Flow concat(String name, List<Flow> parts) {
        String[] inputs = parts.stream().map(Flow::node).toArray(String[]::new);
        int channels = parts.stream().mapToInt(Flow::channels).sum();
        return new Flow(graph.add(name, new Op.Concat(1), inputs), channels);
    }

    /** The mean over the image, and a fully connected layer on it; the whole network. */
    Graph classify(String key, Flow x, int classes) {
        Flow features = flatten(pool(x));
        graph.gemm(key, features.node(), features.channels(), classes);
        return graph.build();
    }

    /** The mean over the image, and a 1x1 convolution without bias on it; the whole network. */
    Graph classifyByConvolution(String key, Flow x, int classes) {
        Op.Conv conv = Kernel.same(1).conv();
        flatten(new Flow(graph.conv(key, pool(x).node(), x.channels(), classes, Size.ONE, conv, false), classes));
        return graph.build();
    }

    Flow flatten(Flow x) {
        return apply("flatten", new Op.Flatten(), x);
    }

    private Flow pool(Flow x) {
        return apply("pool", new Op.GlobalAveragePool(), x);
    }

    /** A fully connected layer. */
    Flow gemm(String key, Flow x, int out) {
        return new Flow(graph.gemm(key, x.node(), x.channels(), out), out);
    }

    Graph build() {
        return graph.build();
    }
}
