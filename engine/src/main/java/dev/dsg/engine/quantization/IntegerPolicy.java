package dev.dsg.engine.quantization;

import dev.dsg.engine.graph.BatchNormFolding;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@link Target#ONNXRUNTIME}. An operation that only moves values leaves them on the grid on which it found them, so they
 * are quantized before it, where the operation that made them can produce integers, and again behind it by the same
 * range, which changes nothing but tells the runtime that the operation may work on integers.
 */
record IntegerPolicy() implements QuantizationPolicy {

    private static final BitWidth EIGHT = new BitWidth(8);

    /** What an operation wants of the values it reads. */
    private enum Appetite {
        /** Few bits: it multiplies. */
        PRODUCTS,
        /** Eight bits: it adds up. */
        SUMS,
        /** What the readers of its own value want of that. */
        MOVES,
        /** Likewise, of all its inputs on one grid. */
        JOINS,
        /** Floats. */
        FLOATS
    }

    /**
     * What the readers of a value want of it.
     *
     * @param bits the fewest that one of them wants
     * @param joint the value whose range it shares because nothing but that reads it, or null
     */
    private record Wish(BitWidth bits, String joint) {

        Wish and(Wish other) {
            BitWidth fewer = bits.bits() <= other.bits.bits() ? bits : other.bits;
            return new Wish(fewer, joint == null || other.joint == null ? null : joint);
        }
    }

    @Override
    public Graph prepare(Graph network) {
        return new BatchNormFolding(0).fold(network);
    }

    @Override
    public Map<String, Edge> edges(Graph prepared, ActivationBits bits) {
        Map<String, Wish> wishes = wishes(prepared, bits);
        Map<String, Edge> edges = new LinkedHashMap<>();
        for (Node node : prepared.nodes()) {
            Wish wish = wishes.get(node.name());
            if (wish != null) {
                edges.put(node.name(), edge(node, wish, wishes, edges));
            }
        }
        return edges;
    }

    private static Edge edge(Node node, Wish wish, Map<String, Wish> wishes, Map<String, Edge> edges) {
        if (wish.joint() != null) {
            return new Edge(wishes.get(wish.joint()).bits(), wish.joint());
        }
        return switch (appetite(node.op())) {
            case MOVES -> edges.get(node.input());
            case PRODUCTS, SUMS, JOINS, FLOATS -> new Edge(wish.bits(), node.name());
        };
    }

    /** What the readers of each value want, the last readers first. */
    private static Map<String, Wish> wishes(Graph graph, ActivationBits bits) {
        Node last = graph.weighted().getLast();
        Map<String, Wish> wishes = new HashMap<>();
        for (Node node : graph.nodes().reversed()) {
            Wish own = wishes.get(node.name());
            Wish wish =
                    switch (appetite(node.op())) {
                        case PRODUCTS -> new Wish(node.equals(last) ? bits.last() : bits.usual(), null);
                        case SUMS -> new Wish(EIGHT, null);
                        case MOVES -> own;
                        case JOINS -> own == null || own.joint() != null ? own : new Wish(own.bits(), node.name());
                        case FLOATS -> null;
                    };
            if (wish != null) {
                node.inputs().forEach(input -> wishes.merge(input, wish, Wish::and));
            }
        }
        graph.nodes(Op.Input.class).forEach(input -> wishes.replace(input.name(), new Wish(EIGHT, null)));
        return wishes;
    }

    private static Appetite appetite(Op op) {
        return switch (op) {
            case Op.Conv _, Op.Gemm _ -> Appetite.PRODUCTS;
            case Op.Add _, Op.Mul _, Op.AveragePool _, Op.GlobalAveragePool _ -> Appetite.SUMS;
            case Op.MaxPool _, Op.Subsample _, Op.PadChannels _, Op.Slice _ -> Appetite.MOVES;
            case Op.ChannelShuffle _, Op.DepthToSpace _ -> Appetite.MOVES;
            case Op.Transpose _, Op.Reshape _, Op.Flatten _ -> Appetite.MOVES;
            case Op.Pad(Padding _, double value) -> value == 0 ? Appetite.MOVES : Appetite.FLOATS;
            case Op.Concat _ -> Appetite.JOINS;
            case Op.Input _, Op.BatchNorm _, Op.AddConstant _, Op.MulConstant _, Op.Resize _ -> Appetite.FLOATS;
            case Op.Relu _, Op.Clip _, Op.LeakyRelu _, Op.HardSwish _ -> Appetite.FLOATS;
            case Op.Sigmoid _, Op.HardSigmoid _, Op.Tanh _, Op.Softmax _ -> Appetite.FLOATS;
            case Op.Elu _, Op.Softplus _, Op.Erf _ -> Appetite.FLOATS;
        };
    }

    /** Padding writes zeros, so 0 must be on every grid. */
    @Override
    public Range covering(Range observed) {
        return observed.union(Range.ZERO);
    }

    @Override
    public boolean quantizesBiases() {
        return true;
    }
}
