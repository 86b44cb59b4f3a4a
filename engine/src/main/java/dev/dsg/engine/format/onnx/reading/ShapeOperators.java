package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Constant.Ints;
import dev.dsg.engine.format.onnx.reading.SliceAttributes.Cut;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Op.DepthToSpace.Order;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Resampling.Method;
import dev.dsg.engine.graph.Resampling.Placement;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move values and change shapes. The batch stays the first dimension throughout. */
final class ShapeOperators {

    static final Map<String, Operator> ALL = Map.ofEntries(
            Map.entry("Identity", Operator.of(call -> call.edge(0))),
            Map.entry("Dropout", Operator.of(ShapeOperators::dropout)),
            Map.entry("Cast", Operator.of(ShapeOperators::cast)),
            Map.entry("Shape", Operator.of(ShapeOperators::shape)),
            Map.entry("Flatten", Operator.of(ShapeOperators::flatten)),
            Map.entry("Reshape", Operator.of(ShapeOperators::reshape)),
            Map.entry("Squeeze", Operator.of(ShapeOperators::squeeze)),
            Map.entry("Unsqueeze", Operator.of(ShapeOperators::unsqueeze)),
            Map.entry("Transpose", Operator.of(ShapeOperators::transpose)),
            Map.entry("Concat", Operator.of(ShapeOperators::concat)),
            Map.entry("Slice", Operator.of(ShapeOperators::slice)),
            Map.entry("Split", ShapeOperators::split),
            Map.entry("Gather", Operator.of(ShapeOperators::gather)),
            Map.entry("Expand", Operator.of(ShapeOperators::expand)),
            Map.entry("DepthToSpace", Operator.of(ShapeOperators::depthToSpace)));

    /** More would make more operations than they are worth. */
    private static final int MOST_RUNS = 64;

    private ShapeOperators() {}

    private static Value dropout(Call call) {
        if (call.has(2) && call.scalar(2) != 0) {
            throw call.unsupported("training_mode true", "false; export in evaluation mode");
        }
        return call.edge(0);
    }

    private static Value cast(Call call) {
        ElementType to =
                ElementType.of(call.integer("to", 0), "node " + call.node().label());
        if (!to.isReal()) {
            throw call.unsupported("a cast to " + to, "floating-point values");
        }
        return call.edge(0);
    }

    private static Value shape(Call call) {
        return Folding.range(call, Constant.vector(dimensions(call.edge(0).shape())));
    }

    /** As in the file, with a stand-in for the batch. */
    private static long[] dimensions(Shape shape) {
        return LongStream.concat(
                        LongStream.of(Constant.BATCH), shape.sizes().stream().mapToLong(Integer::longValue))
                .toArray();
    }

    private static Value flatten(Call call) {
        Edge x = call.edge(0);
        long axis = call.integer("axis", 1);
        if ((axis < 0 ? axis + x.shape().rank() : axis) != 1) {
            throw call.unsupported("axis " + axis, "axis 1, everything behind the batch");
        }
        return x.shape().rank() == 2 ? x : call.add(new Op.Flatten(), List.of(x));
    }

    private static Value reshape(Call call) {
        Edge x = call.edge(0);
        boolean copyZero = call.integer("allowzero", 0) == 0;
        Ints target = call.hasAttribute("shape") ? Constant.vector(call.integers("shape")) : call.ints(1);
        long[] to = target.values().clone();
        if (to.length < 2) {
            throw call.unsupported("a shape " + Constant.text(to), "the batch as first of several dimensions");
        }
        long known = 1;
        int open = -1;
        for (int i = 1; i < to.length; i++) {
            if (to[i] == 0 && copyZero && i < x.shape().rank()) {
                to[i] = x.shape().size(i);
            }
            if (to[i] == -1) {
                open = i;
            } else {
                known = Math.multiplyExact(known, call.length("length", to[i], 1));
                call.length("count", known, 1);
            }
        }
        boolean isBatch = to[0] == Constant.BATCH
                || to[0] == 0 && copyZero
                || to[0] == call.assembly().batch()
                || to[0] == -1 && open < 0;
        if (open >= 0 && isBatch && x.shape().count() % known == 0) {
            to[open] = x.shape().count() / known;
            known *= to[open];
        }
        if (!isBatch || known != x.shape().count()) {
            throw call.unsupported(
                    x.shape() + " to " + Constant.text(to), "a shape that keeps the batch as first dimension");
        }
        return reshaped(call, x, to);
    }

    private static Edge reshaped(Call call, Edge x, long... dimensions) {
        return call.reshape(
                "",
                x,
                LongStream.of(dimensions).skip(1).mapToInt(Math::toIntExact).toArray());
    }

    private static Value squeeze(Call call) {
        long[] squeezed = Folding.squeezed(call, dimensions(call.edge(0).shape()));
        return reshaped(call, call.edge(0), keepsBatch(call, squeezed));
    }

    private static Value unsqueeze(Call call) {
        long[] unsqueezed = Folding.unsqueezed(call, dimensions(call.edge(0).shape()));
        return reshaped(call, call.edge(0), keepsBatch(call, unsqueezed));
    }

    private static long[] keepsBatch(Call call, long... dimensions) {
        if (dimensions[0] != Constant.BATCH) {
            throw call.unsupported(Constant.text(dimensions), "the batch as first dimension");
        }
        return dimensions;
    }

    private static Value transpose(Call call) {
        Edge x = call.edge(0);
        int rank = x.shape().rank();
        long[] reversed = IntStream.range(0, rank).mapToLong(i -> rank - 1 - i).toArray();
        List<Integer> axes = Arrays.stream(call.integers("perm", reversed))
                .mapToObj(axis -> call.axis(axis, rank))
                .toList();
        if (axes.getFirst() != 0) {
            throw call.unsupported("perm " + axes, "the batch as first dimension");
        }
        boolean same = axes.equals(axes.stream().sorted().toList());
        return same ? x : call.add(new Op.Transpose(axes), List.of(x));
    }

    private static Value concat(Call call) {
        List<Edge> parts = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            parts.add(call.edge(i));
        }
        Edge first = call.edge(0);
        int axis = call.axisBehindBatch(call.integer("axis", 1), first.shape().rank());
        return parts.size() == 1 ? first : call.add(new Op.Concat(axis), parts);
    }

    private static Value slice(Call call) {
        Edge x = call.edge(0);
        for (Cut cut : SliceAttributes.cuts(call, x.shape().rank())) {
            x = cut.axis() == 0 ? wholeBatch(call, cut, x) : sliced(call, x, cut);
        }
        return x;
    }

    private static Edge wholeBatch(Call call, Cut cut, Edge x) {
        if (cut.start() != 0 || cut.end() < Integer.MAX_VALUE || cut.step() != 1) {
            throw call.unsupported("a slice of the batch", "work on each example alone");
        }
        return x;
    }

    private static Edge sliced(Call call, Edge x, Cut cut) {
        int length = x.shape().size(cut.axis());
        int[] places = cut.places(length);
        if (places.length == 0 || cut.step() < 0) {
            throw call.unsupported("a slice " + cut, "at least one entry, in forward order");
        }
        return part(call, "", x, cut.axis(), places[0], places[places.length - 1] + 1, (int) cut.step());
    }

    private static Edge part(Call call, String name, Edge x, int axis, int from, int to, int step) {
        boolean whole = from == 0 && to == x.shape().size(axis) && step == 1;
        return whole ? x : call.add(name, new Op.Slice(axis, from, to, step), List.of(x));
    }

    private static List<Value> split(Call call) {
        Edge x = call.edge(0);
        int axis = call.axisBehindBatch(call.integer("axis", 0), x.shape().rank());
        int length = x.shape().size(axis);
        int parts = call.node().outputs().size();
        long[] sizes = call.integers("split", 1);
        if (sizes == null) {
            int size = Math.ceilDiv(length, call.length("num_outputs", call.integer("num_outputs", parts), 1));
            sizes = IntStream.range(0, parts)
                    .mapToLong(i -> Math.min(size, length - (long) i * size))
                    .toArray();
        }
        if (sizes.length != parts || LongStream.of(sizes).sum() != length) {
            throw call.wrong(Kind.CORRUPT_FILE, "split " + Arrays.toString(sizes), parts + " parts of " + length);
        }
        List<Value> values = new ArrayList<>();
        int from = 0;
        for (long size : sizes) {
            int to = from + call.length("split", size, 1);
            values.add(part(call, String.valueOf(values.size()), x, axis, from, to, 1));
            from = to;
        }
        return values;
    }

    /** One entry, or several in any order. */
    private static Value gather(Call call) {
        Edge x = call.edge(0);
        Ints indices = call.ints(1);
        int axis = call.axisBehindBatch(call.integer("axis", 0), x.shape().rank());
        int[] places = LongStream.of(indices.values())
                .mapToInt(i -> call.axis(i, x.shape().size(axis)))
                .toArray();
        if (places.length == 0 || indices.shape().length > 1) {
            throw call.unsupported("indices " + Arrays.toString(indices.shape()), "one index or a list");
        }
        Edge part = entries(call, "entry", x, axis, places);
        int[] kept = IntStream.range(1, x.shape().rank())
                .filter(i -> i != axis || indices.shape().length == 1)
                .map(part.shape()::size)
                .toArray();
        return call.reshape("", part, kept);
    }

    /** The entries of {@code axis} at {@code places}, in that order; neighbours are taken together. */
    static Edge entries(Call call, String name, Edge x, int axis, int... places) {
        List<Edge> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= places.length; i++) {
            if (i == places.length || places[i] != places[i - 1] + 1) {
                boolean all = from == 0 && i == places.length;
                String run = all ? name : (name.isEmpty() ? "part" : name) + runs.size();
                runs.add(part(call, run, x, axis, places[from], places[i - 1] + 1, 1));
                from = i;
            }
        }
        if (runs.size() > MOST_RUNS) {
            throw call.unsupported(runs.size() + " entries that are not neighbours", "at most " + MOST_RUNS);
        }
        return runs.size() == 1 ? runs.getFirst() : call.add(name, new Op.Concat(axis), runs);
    }

    /** To the same length or, for an image of one pixel, to any height and width. */
    private static Value expand(Call call) {
        Edge x = call.edge(0);
        long[] to = call.ints(1).values();
        int rank = x.shape().rank();
        boolean fits = to.length <= rank;
        long[] sizes = new long[rank];
        for (int axis = 1; fits && axis < rank; axis++) {
            int at = to.length - rank + axis;
            int length = x.shape().size(axis);
            sizes[axis] = at < 0 || to[at] == 1 ? length : to[at];
            fits = sizes[axis] == length || length == 1 && rank == 4 && axis > 1;
        }
        boolean batch = to.length < rank
                || to[0] == 1
                || to[0] == Constant.BATCH
                || to[0] == call.assembly().batch();
        if (!fits || !batch) {
            throw call.unsupported(x.shape() + " to " + Constant.text(to), "the same shape, or more rows and columns");
        }
        if (rank != 4 || sizes[2] == x.shape().height() && sizes[3] == x.shape().width()) {
            return x;
        }
        Size size = new Size(call.length("height", sizes[2], 1), call.length("width", sizes[3], 1));
        Resampling repeat = new Resampling(
                Method.NEAREST_FLOOR,
                Placement.ASYMMETRIC,
                (double) size.height() / x.shape().height(),
                (double) size.width() / x.shape().width());
        return call.add(new Op.Resize(size, repeat), List.of(x));
    }

    private static Value depthToSpace(Call call) {
        int block = call.length("blocksize", call.integer("blocksize", 0), 1);
        Order order =
                switch (call.text("mode", "DCR")) {
                    case "DCR" -> Order.DEPTH_FIRST;
                    case "CRD" -> Order.CHANNELS_FIRST;
                    case String other -> throw call.unsupported("mode " + other, "DCR or CRD");
                };
        return call.add(new Op.DepthToSpace(block, order), List.of(call.edge(0)));
    }
}
