package dev.dsg.engine.format.onnx;

import dev.dsg.engine.format.onnx.Attribute.Int;
import dev.dsg.engine.format.onnx.Attribute.Ints;
import dev.dsg.engine.format.onnx.Attribute.Real;
import dev.dsg.engine.format.onnx.Attribute.Text;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Op.DepthToSpace.Order;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Resampling.Method;
import dev.dsg.engine.graph.Resampling.Placement;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Writes a {@link Graph} as an ONNX model with one input, which may have any batch, and one output. Every value keeps the
 * name it has in the graph. Equal graphs give equal bytes.
 */
public final class OnnxExport {

    private static final String PRODUCER = "dsg";

    private final OnnxModel model = new OnnxModel();
    private final Edges edges;
    private final Map<String, Shape> shapes;
    /** What the readers of each node's value read. */
    private final Map<String, String> values = new HashMap<>();

    private OnnxExport(Edges edges, Map<String, Shape> shapes) {
        this.edges = edges;
        this.shapes = shapes;
    }

    /**
     * {@code graph} as it is, in float32.
     *
     * @param input the shape of what the network reads
     */
    public static byte[] float32(Graph graph, Shape input) {
        return write(graph, input, Map.of(), new Edges(graph));
    }

    /**
     * {@code graph} with parameters and values as {@code edges} writes them.
     *
     * @param input the shape of what the network reads
     * @param metadata further properties of the model, written in their order
     */
    public static byte[] write(Graph graph, Shape input, Map<String, ?> metadata, Edges edges) {
        OnnxExport export = new OnnxExport(edges, ShapeInference.infer(graph, input));
        graph.nodes().forEach(export::write);
        export.model.output(export.values.get(graph.output().name()));
        metadata.forEach(export.model::metadata);
        return export.model.toBytes(PRODUCER);
    }

    private void write(Node node) {
        List<String> reads = new ArrayList<>();
        node.inputs().forEach(input -> reads.add(values.get(input)));
        for (int i = 0; i < node.parameters().size(); i++) {
            reads.add(edges.parameter(model, node, i));
        }
        if (edges.implies(node)) {
            values.put(node.name(), edges.value(model, node, reads.getFirst()));
        } else {
            write(node, reads);
            values.put(node.name(), edges.value(model, node, node.name()));
        }
    }

    private void write(Node node, List<String> reads) {
        String name = node.name();
        switch (node.op()) {
            case Op.Input() -> model.input(name, shapes.get(name));
            case Op.Conv conv -> conv(name, reads, conv);
            case Op.Gemm() -> add("Gemm", name, reads, new Int("transB", 1));
            case Op.BatchNorm(double epsilon) ->
                add("BatchNormalization", name, reads, new Real("epsilon", (float) epsilon));
            case Op.Relu() -> add("Relu", name, reads);
            case Op.Clip(double lo, double hi) -> {
                reads.add(model.floats(name + ".lowest", new long[0], (float) lo));
                reads.add(model.floats(name + ".highest", new long[0], (float) hi));
                add("Clip", name, reads);
            }
            case Op.LeakyRelu(double slope) -> add("LeakyRelu", name, reads, new Real("alpha", (float) slope));
            case Op.Elu(double alpha) -> add("Elu", name, reads, new Real("alpha", (float) alpha));
            case Op.Softplus() -> add("Softplus", name, reads);
            case Op.Erf() -> add("Erf", name, reads);
            case Op.Sigmoid() -> add("Sigmoid", name, reads);
            case Op.HardSigmoid(double slope, double offset) ->
                add("HardSigmoid", name, reads, new Real("alpha", (float) slope), new Real("beta", (float) offset));
            case Op.HardSwish() -> add("HardSwish", name, reads);
            case Op.Tanh() -> add("Tanh", name, reads);
            case Op.Softmax(int axis) -> add("Softmax", name, reads, new Int("axis", axis));
            case Op.Add(), Op.AddConstant() -> add("Add", name, reads);
            case Op.Mul(), Op.MulConstant() -> add("Mul", name, reads);
            case Op.MaxPool(Window window) -> add("MaxPool", name, reads, window(window));
            case Op.AveragePool(Window window, boolean countPadding) -> {
                List<Attribute> attributes = new ArrayList<>(List.of(window(window)));
                attributes.add(new Int("count_include_pad", countPadding ? 1 : 0));
                add("AveragePool", name, reads, attributes.toArray(Attribute[]::new));
            }
            case Op.GlobalAveragePool() -> add("GlobalAveragePool", name, reads);
            case Op.Resize(Size to, Resampling resampling) ->
                resize(name, reads.getFirst(), shapes.get(node.input()), to, resampling);
            case Op.Pad(Padding padding, double value) -> {
                reads.add(pads(name, 0, padding.top(), padding.left(), 0, padding.bottom(), padding.right()));
                reads.add(model.floats(name + ".padding", new long[0], (float) value));
                add("Pad", name, reads);
            }
            case Op.PadChannels(int before, int after) -> {
                reads.add(pads(name, before, 0, 0, after, 0, 0));
                add("Pad", name, reads);
            }
            case Op.Subsample(int step) ->
                slice(name, reads.getFirst(), new long[] {2, 3}, new long[2], Long.MAX_VALUE, step);
            case Op.Slice(int axis, int from, int to, int step) ->
                slice(name, reads.getFirst(), new long[] {axis}, new long[] {from}, to, step);
            case Op.Concat(int axis) -> add("Concat", name, reads, new Int("axis", axis));
            case Op.ChannelShuffle(int groups) -> shuffle(name, reads.getFirst(), groups, shapes.get(name));
            case Op.DepthToSpace(int block, Order order) ->
                add(
                        "DepthToSpace",
                        name,
                        reads,
                        new Int("blocksize", block),
                        new Text("mode", order == Order.DEPTH_FIRST ? "DCR" : "CRD"));
            case Op.Transpose(List<Integer> axes) -> add("Transpose", name, reads, new Ints("perm", longs(axes)));
            case Op.Reshape(Shape to) -> reshape(name, reads.getFirst(), longs(to.sizes()));
            case Op.Flatten() -> add("Flatten", name, reads);
        }
    }

    private void add(String type, String name, List<String> reads, Attribute... attributes) {
        model.node(type, name, reads, attributes);
    }

    private void conv(String name, List<String> reads, Op.Conv conv) {
        add(
                "Conv",
                name,
                reads,
                new Ints("strides", longs(conv.stride())),
                new Ints("pads", longs(conv.padding())),
                new Ints("dilations", longs(conv.dilation())),
                new Int("group", conv.groups()));
    }

    private static Attribute[] window(Window window) {
        return new Attribute[] {
            new Ints("kernel_shape", longs(window.kernel())),
            new Ints("strides", longs(window.stride())),
            new Ints("pads", longs(window.padding())),
            new Int("ceil_mode", window.ceil() ? 1 : 0)
        };
    }

    /** What {@code Pad} reads: before every axis, then behind every axis; the batch is never padded. */
    private String pads(String name, long... channelsRowsColumns) {
        long[] pads = new long[8];
        System.arraycopy(channelsRowsColumns, 0, pads, 1, 3);
        System.arraycopy(channelsRowsColumns, 3, pads, 5, 3);
        return model.int64s(name + ".pads", pads);
    }

    private void slice(String name, String x, long[] axes, long[] from, long to, long step) {
        String starts = model.int64s(name + ".starts", from);
        String ends = model.int64s(name + ".ends", same(to, axes.length));
        String along = model.int64s(name + ".axes", axes);
        String steps = model.int64s(name + ".steps", same(step, axes.length));
        add("Slice", name, List.of(x, starts, ends, along, steps));
    }

    private void shuffle(String name, String x, int groups, Shape shape) {
        int each = shape.channels() / groups;
        String apart = reshape(name + ".groups", x, groups, each, shape.height(), shape.width());
        String mixed = model.node("Transpose", name + ".mixed", List.of(apart), new Ints("perm", 0, 2, 1, 3, 4));
        reshape(name, mixed, longs(shape.sizes()));
    }

    private String reshape(String name, String x, long... example) {
        long[] batchAnd =
                LongStream.concat(LongStream.of(0), LongStream.of(example)).toArray();
        return model.node("Reshape", name, List.of(x, model.int64s(name + ".shape", batchAnd)));
    }

    /** ONNX derives the scales from the sizes, unless it is given them; only then may they differ from the quotient. */
    private void resize(String name, String x, Shape from, Size to, Resampling resampling) {
        boolean exact = exact(to.height(), from.height(), resampling.scaleHeight())
                && exact(to.width(), from.width(), resampling.scaleWidth());
        List<String> reads = exact
                ? List.of(x, "", "", model.int64s(name + ".sizes", longs(to)))
                : List.of(x, "", model.floats(name + ".scales", new long[] {2}, scales(resampling)));
        add(
                "Resize",
                name,
                reads,
                new Ints("axes", 2, 3),
                new Text("mode", resampling.method() == Method.LINEAR ? "linear" : "nearest"),
                new Text("nearest_mode", nearest(resampling.method())),
                new Text("coordinate_transformation_mode", placement(resampling.placement())));
    }

    private static boolean exact(int to, int from, double scale) {
        return Math.abs(to - from * scale) < 1e-6;
    }

    private static float[] scales(Resampling resampling) {
        return new float[] {(float) resampling.scaleHeight(), (float) resampling.scaleWidth()};
    }

    private static String nearest(Method method) {
        return switch (method) {
            case NEAREST_UPPER -> "round_prefer_ceil";
            case NEAREST_FLOOR -> "floor";
            case NEAREST_CEIL -> "ceil";
            case NEAREST_LOWER, LINEAR -> "round_prefer_floor";
        };
    }

    private static String placement(Placement placement) {
        return switch (placement) {
            case HALF_PIXEL -> "half_pixel";
            case PYTORCH_HALF_PIXEL -> "pytorch_half_pixel";
            case ASYMMETRIC -> "asymmetric";
            case ALIGN_CORNERS -> "align_corners";
        };
    }

    private static long[] longs(Size size) {
        return new long[] {size.height(), size.width()};
    }

    private static long[] longs(Padding padding) {
        return new long[] {padding.top(), padding.left(), padding.bottom(), padding.right()};
    }

    private static long[] longs(List<Integer> values) {
        return values.stream().mapToLong(Integer::longValue).toArray();
    }

    private static long[] same(long value, int count) {
        return LongStream.range(0, count).map(_ -> value).toArray();
    }
}
