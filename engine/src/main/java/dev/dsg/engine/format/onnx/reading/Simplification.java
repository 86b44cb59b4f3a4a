package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts together what exporters take apart: a bias that is added behind its layer, a value that is limited below and then
 * above, and HardSigmoid and HardSwish spelled out. Only values that nobody else reads disappear; what takes their place
 * has the name of the last of them.
 */
final class Simplification {

    private static final double TOLERANCE = 1e-6;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, HostTensor> initializers;

    private Simplification(Graph graph) {
        graph.nodes().forEach(node -> nodes.put(node.name(), node));
        initializers = new LinkedHashMap<>(graph.initializers());
    }

    static Graph of(Graph graph) {
        Simplification simplification = new Simplification(graph);
        for (Node node : graph.nodes()) {
            simplification.simplify(node);
        }
        return simplification.graph();
    }

    private void simplify(Node node) {
        if (node.op() instanceof Op.AddConstant) {
            bias(node);
        } else if (isLimit(node)) {
            limits(node);
        } else if (node.op() instanceof Op.MulConstant) {
            hardSigmoid(node);
            hardSwishDividedLast(node);
        } else if (node.op() instanceof Op.Mul) {
            hardSwish(node);
        }
    }

    /** A layer, then a constant for each of its outputs. */
    private void bias(Node add) {
        Node layer = nodes.get(add.input());
        boolean isLayer = layer.op() instanceof Op.Conv || layer.op() instanceof Op.Gemm;
        if (!isLayer || readers(layer.name()) > 1) {
            return;
        }
        String weight = layer.parameters().getFirst();
        int out = initializers.get(weight).size(0);
        HostTensor added = initializers.get(add.parameters().getFirst());
        long first = added.shape()[0];
        if (first != added.values().length || first != out && first != 1) {
            return;
        }
        boolean hasBias = layer.parameters().size() > 1;
        float[] bias =
                hasBias ? initializers.get(layer.parameters().get(1)).values().clone() : new float[out];
        for (int c = 0; c < out; c++) {
            bias[c] += added.values()[first == 1 ? 0 : c];
        }
        String name = add.parameters().getFirst();
        initializers.put(name, new HostTensor(new long[] {out}, bias));
        nodes.remove(layer.name());
        nodes.put(add.name(), new Node(add.name(), layer.op(), layer.inputs(), List.of(weight, name)));
    }

    /** {@code min(max(x, lo), hi)}, which would be quantized twice. */
    private void limits(Node outer) {
        Node inner = nodes.get(outer.input());
        if (isLimit(inner) && readers(inner.name()) == 1) {
            double lo = within(lowest(inner), outer);
            double hi = within(highest(inner), outer);
            Op both = ElementwiseOperators.clip(lo, hi);
            nodes.remove(inner.name());
            nodes.put(outer.name(), new Node(outer.name(), both, inner.inputs(), List.of()));
        }
    }

    private static boolean isLimit(Node node) {
        return node.op() instanceof Op.Relu || node.op() instanceof Op.Clip;
    }

    private static double within(double value, Node limit) {
        return Math.max(lowest(limit), Math.min(highest(limit), value));
    }

    private static double lowest(Node limit) {
        return limit.op() instanceof Op.Clip(double lo, double _) ? lo : 0;
    }

    private static double highest(Node limit) {
        return limit.op() instanceof Op.Clip(double _, double hi) ? hi : Double.POSITIVE_INFINITY;
    }

    /** {@code min(max(x + 3, 0), 6) / 6}. */
    private void hardSigmoid(Node divided) {
        Node clip = nodes.get(divided.input());
        if (isConstant(divided, 1 / 6.0) && isShiftedClip(clip) && readers(clip.name()) == 1) {
            String x = shifted(clip);
            nodes.put(
                    divided.name(), new Node(divided.name(), new Op.HardSigmoid(1 / 6.0, 0.5), List.of(x), List.of()));
        }
    }

    /** {@code x min(max(x + 3, 0), 6) / 6}, divided after the product. */
    private void hardSwishDividedLast(Node divided) {
        Node product = nodes.get(nodes.get(divided.name()).input());
        if (!(product.op() instanceof Op.Mul) || !isConstant(divided, 1 / 6.0) || readers(product.name()) > 1) {
            return;
        }
        for (int i = 0; i < 2; i++) {
            String x = product.inputs().get(i);
            Node clip = nodes.get(product.inputs().get(1 - i));
            if (isShiftedClip(clip) && shifted(clip).equals(x) && readers(clip.name()) == 1) {
                nodes.put(divided.name(), new Node(divided.name(), new Op.HardSwish(), List.of(x), List.of()));
                return;
            }
        }
    }

    /** {@code x} times the HardSigmoid of {@code x}. */
    private void hardSwish(Node product) {
        for (int i = 0; i < 2; i++) {
            String x = product.inputs().get(i);
            Node gate = nodes.get(product.inputs().get(1 - i));
            if (gate.op() instanceof Op.HardSigmoid(double slope, double offset)
                    && Math.abs(slope - 1 / 6.0) < TOLERANCE
                    && Math.abs(offset - 0.5) < TOLERANCE
                    && gate.input().equals(x)
                    && readers(gate.name()) == 1) {
                nodes.put(product.name(), new Node(product.name(), new Op.HardSwish(), List.of(x), List.of()));
                return;
            }
        }
    }

    private boolean isShiftedClip(Node clip) {
        return clip.op() instanceof Op.Clip(double lo, double hi)
                && lo == 0
                && hi == 6
                && nodes.get(clip.input()).op() instanceof Op.AddConstant
                && isConstant(nodes.get(clip.input()), 3)
                && readers(clip.input()) == 1;
    }

    private String shifted(Node clip) {
        return nodes.get(clip.input()).input();
    }

    private boolean isConstant(Node node, double expected) {
        if (node.parameters().isEmpty()) {
            return false;
        }
        float[] values = initializers.get(node.parameters().getFirst()).values();
        for (float value : values) {
            if (Math.abs(value - expected) > TOLERANCE) {
                return false;
            }
        }
        return values.length > 0;
    }

    private long readers(String name) {
        return nodes.values().stream()
                .flatMap(node -> node.inputs().stream())
                .filter(name::equals)
                .count();
    }

    /** What the last node still depends on. */
    private Graph graph() {
        List<Node> all = new ArrayList<>(nodes.values());
        Set<String> needed =
                new HashSet<>(List.of(all.getFirst().name(), all.getLast().name()));
        for (Node node : all.reversed()) {
            if (needed.contains(node.name())) {
                needed.addAll(node.inputs());
            }
        }
        List<Node> kept =
                all.stream().filter(node -> needed.contains(node.name())).toList();
        Map<String, HostTensor> parameters = new LinkedHashMap<>();
        kept.forEach(node -> node.parameters().forEach(name -> parameters.put(name, initializers.get(name))));
        return new Graph(kept, parameters);
    }
}
