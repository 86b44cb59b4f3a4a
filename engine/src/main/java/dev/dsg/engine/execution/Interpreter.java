package dev.dsg.engine.execution;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    /** For each node, the values that no later node reads. */
    private final Map<String, List<String>> finishedAfter = new HashMap<>();

    public Interpreter(Graph graph) {
        this.graph = graph;
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
        return switch (node.op()) {
            case Op.Input() -> throw new IllegalStateException(node.name() + " is a second input");
            case Op.Conv(int stride, int padding, int groups) ->
                x.conv2d(p(node, 0), node.parameters().size() > 1 ? p(node, 1) : null, stride, padding, groups);
            case Op.BatchNorm(double epsilon) ->
                x.batchNorm(p(node, 2), p(node, 3), p(node, 0), p(node, 1), epsilon, mode == Mode.TRAIN);
            case Op.Relu() -> x.relu();
            case Op.Add() -> x.add(values.get(node.inputs().get(1)));
            case Op.Subsample(int step) -> x.subsample(step);
            case Op.PadChannels(int before, int after) -> x.padChannels(before, after);
            case Op.GlobalAveragePool() -> x.globalAveragePool();
            case Op.Flatten() -> x.reshape(x.size(0), -1);
            case Op.Gemm() -> x.linear(p(node, 0), p(node, 1));
        };
    }

    private Tensor p(Node node, int index) {
        return parameters.get(node.parameters().get(index));
    }

    @Override
    public void close() {
        parameters.values().forEach(Tensor::close);
    }
}
