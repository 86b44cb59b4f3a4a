package dev.dsg.engine.execution;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Op.DepthToSpace.Order;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Runs a {@link Graph} on native tensors. Parameters are uploaded once; close the interpreter to free them. One
 * interpreter may serve several threads, since a run changes nothing but the running statistics of a {@link Mode#TRAIN}
 * run.
 */
public final class Interpreter implements AutoCloseable {

    /** How BatchNorm normalises. */
    public enum Mode {
        /** By its running statistics. */
        INFER,
        /** By the batch's statistics, moving the running ones. */
        TRAIN
    }

    private final Graph graph;
    private final Map<String, Tensor> parameters;
    /** For each node, the values that no later node reads. */
    private final Map<String, List<String>> finishedAfter;

    public Interpreter(Graph graph) {
        this.graph = graph;
        this.parameters = new LinkedHashMap<>();
        this.finishedAfter = new HashMap<>();
        try (Scope scope = Scope.open()) {
            graph.initializers().forEach((name, t) -> parameters.put(name, scope.keep(upload(t))));
        }
        Map<String, String> lastReader = new HashMap<>();
        for (Node node : graph.nodes()) {
            node.inputs().forEach(input -> lastReader.put(input, node.name()));
        }
        lastReader.forEach((value, reader) ->
                finishedAfter.computeIfAbsent(reader, _ -> new ArrayList<>()).add(value));
    }

    private Interpreter(Interpreter other, Map<String, Tensor> replacements) {
        this.graph = other.graph;
        this.finishedAfter = other.finishedAfter;
        this.parameters = new LinkedHashMap<>(other.parameters);
        parameters.putAll(replacements);
    }

    /**
     * The same network with some parameters replaced, such as by tensors that a backward pass shall reach. It reads the
     * other parameters of this interpreter and owns none, so it lives as long as they do and is not to be closed.
     */
    public Interpreter with(Map<String, Tensor> replacements) {
        return new Interpreter(this, replacements);
    }

    private static Tensor upload(HostTensor t) {
        return Tensor.of(t.values(), t.shape());
    }

    public Graph graph() {
        return graph;
    }

    /** The parameters by name, in the graph's order; the interpreter owns them. */
    public Map<String, Tensor> parameters() {
        return Map.copyOf(parameters);
    }

    /** The parameter called {@code name}. */
    public Tensor parameter(String name) {
        return parameters.get(name);
    }

    /** The network's output for {@code input}, shaped as the graph says. */
    public Tensor run(Tensor input) {
        return run(input, Tap.NONE, Mode.INFER);
    }

    /** The network's output for {@code input}, with {@code tap} on every edge. */
    public Tensor run(Tensor input, Tap tap) {
        return run(input, tap, Mode.INFER);
    }

    /** The network's output for {@code input}. Without recording, each value is freed after its last reader. */
    public Tensor run(Tensor input, Tap tap, Mode mode) {
        boolean free = !GradientScope.recording();
        Map<String, Tensor> values = new HashMap<>();
        for (Node node : graph.nodes()) {
            Tensor made = node.op() instanceof Op.Input ? input : compute(node, values, tap, mode);
            Tensor seen = tap.after(node, made);
            if (free && seen != made && made != input) {
                made.close();
            }
            values.put(node.name(), seen);
            if (free) {
                free(finishedAfter.getOrDefault(node.name(), List.of()), values, input);
            }
        }
        return values.get(graph.output().name());
    }

    private static void free(List<String> finished, Map<String, Tensor> values, Tensor input) {
        for (String name : finished) {
            Tensor value = values.remove(name);
            if (value != input) {
                value.close();
            }
        }
    }

    private Tensor compute(Node node, Map<String, Tensor> values, Tap tap, Mode mode) {
        Tensor x = tap.before(node, values.get(node.input()));
        return GradientScope.recording()
                ? compute(node, x, values, mode)
                : Scope.within(() -> compute(node, x, values, mode));
    }

    private Tensor compute(Node node, Tensor x, Map<String, Tensor> values, Mode mode) {
        return switch (node.op()) {
            case Op.Input() -> throw new IllegalStateException(node.name() + " is a second input");
            case Op.Conv conv -> Windows.conv(x, p(node, 0), node.parameters().size() > 1 ? p(node, 1) : null, conv);
            case Op.Gemm() -> x.linear(p(node, 0), p(node, 1));
            case Op.BatchNorm(double epsilon) ->
                x.batchNorm(p(node, 2), p(node, 3), p(node, 0), p(node, 1), epsilon, mode == Mode.TRAIN);
            case Op.Relu() -> x.relu();
            case Op.Clip(double lo, double hi) -> x.clip(lo, hi);
            case Op.LeakyRelu(double slope) -> x.leakyRelu(slope);
            case Op.Elu(double alpha) -> x.elu(alpha);
            case Op.Softplus() -> x.softplus();
            case Op.Erf() -> x.erf();
            case Op.Sigmoid() -> x.sigmoid();
            case Op.HardSigmoid(double slope, double offset) -> x.hardSigmoid(slope, offset);
            case Op.HardSwish() -> x.mul(x.hardSigmoid(1 / 6.0, 0.5));
            case Op.Tanh() -> x.tanh();
            case Op.Softmax(int axis) -> x.softmax(axis);
            case Op.Add() -> x.add(second(node, values));
            case Op.Mul() -> x.mul(second(node, values));
            case Op.AddConstant() -> x.add(p(node, 0));
            case Op.MulConstant() -> x.mul(p(node, 0));
            case Op.MaxPool(Window window) -> Windows.max(x, window);
            case Op.AveragePool(Window window, boolean countPadding) -> Windows.average(x, window, countPadding);
            case Op.GlobalAveragePool() -> x.globalAveragePool();
            case Op.Resize(Size to, Resampling resampling) -> resize(x, to, resampling);
            case Op.Pad(Padding padding, double value) ->
                x.pad(padding.top(), padding.left(), padding.bottom(), padding.right(), value);
            case Op.Subsample(int step) -> x.subsample(step);
            case Op.PadChannels(int before, int after) -> x.padChannels(before, after);
            case Op.Concat(int axis) -> concat(x, node, values, axis);
            case Op.Slice(int axis, int from, int to, int step) -> x.slice(axis, from, to, step);
            case Op.ChannelShuffle(int groups) -> x.channelShuffle(groups);
            case Op.DepthToSpace(int block, Order order) -> x.depthToSpace(block, order == Order.DEPTH_FIRST);
            case Op.Transpose(List<Integer> axes) ->
                x.transpose(axes.stream().mapToInt(Integer::intValue).toArray());
            case Op.Reshape(Shape to) -> x.reshape(batch(x, to));
            case Op.Flatten() -> x.reshape(x.size(0), -1);
        };
    }

    private static Tensor second(Node node, Map<String, Tensor> values) {
        return values.get(node.inputs().get(1));
    }

    private static Tensor concat(Tensor first, Node node, Map<String, Tensor> values, int axis) {
        List<Tensor> parts = new ArrayList<>();
        parts.add(first);
        node.inputs().stream().skip(1).map(values::get).forEach(parts::add);
        return Tensor.concat(parts, axis);
    }

    /** Height and width one after the other, each by a matrix of few entries, which is right for every way to resize. */
    private static Tensor resize(Tensor x, Size to, Resampling resampling) {
        HostTensor rows = resampling.rows(Math.toIntExact(x.size(2)), to.height());
        HostTensor columns = resampling.columns(Math.toIntExact(x.size(3)), to.width());
        return upload(rows).matMul(x.matMul(upload(columns).transpose(1, 0)));
    }

    private static long[] batch(Tensor x, Shape one) {
        return LongStream.concat(LongStream.of(x.size(0)), one.sizes().stream().mapToLong(Integer::longValue))
                .toArray();
    }

    private Tensor p(Node node, int index) {
        return parameters.get(node.parameters().get(index));
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
