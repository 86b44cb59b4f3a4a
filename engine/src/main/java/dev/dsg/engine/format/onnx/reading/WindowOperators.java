package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.format.onnx.reading.Constant.Ints;
import dev.dsg.engine.format.onnx.reading.Value.Edge;
import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Resampling;
import dev.dsg.engine.graph.Resampling.Method;
import dev.dsg.engine.graph.Resampling.Placement;
import dev.dsg.engine.graph.Size;
import dev.dsg.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Pooling, resizing and padding. */
final class WindowOperators {

    static final Map<String, Operator> ALL = Map.ofEntries(
            Map.entry("MaxPool", Operator.of(WindowOperators::maxPool)),
            Map.entry("AveragePool", Operator.of(WindowOperators::averagePool)),
            Map.entry(
                    "GlobalAveragePool",
                    Operator.of(call -> call.add(new Op.GlobalAveragePool(), List.of(image(call))))),
            Map.entry("GlobalMaxPool", Operator.of(call -> call.add(wholeMax(image(call)), List.of(image(call))))),
            Map.entry("ReduceMean", Operator.of(call -> reduce(call, false))),
            Map.entry("ReduceMax", Operator.of(call -> reduce(call, true))),
            Map.entry("Pad", Operator.of(WindowOperators::pad)),
            Map.entry("Resize", Operator.of(WindowOperators::resize)),
            Map.entry("Upsample", Operator.of(WindowOperators::upsample)));

    private WindowOperators() {}

    private static Edge image(Call call) {
        Edge x = call.edge(0);
        if (!x.shape().isImage()) {
            throw call.unsupported("an input of " + x.shape(), "images, [batch, channels, height, width]");
        }
        return x;
    }

    private static Value maxPool(Call call) {
        return call.add(new Op.MaxPool(window(call)), List.of(image(call)));
    }

    private static Value averagePool(Call call) {
        boolean countPadding = call.integer("count_include_pad", 0) != 0;
        return call.add(new Op.AveragePool(window(call), countPadding), List.of(image(call)));
    }

    private static Window window(Call call) {
        WindowAttributes window = new WindowAttributes(call);
        if (!window.size("dilations").equals(Size.ONE)) {
            throw call.unsupported("dilations " + window.size("dilations"), "pooling without gaps");
        }
        Size kernel = window.size("kernel_shape");
        Padding padding = window.padding(image(call).shape(), kernel);
        return new Window(kernel, window.size("strides"), padding, call.integer("ceil_mode", 0) != 0);
    }

    private static Op wholeMax(Edge x) {
        Size whole = new Size(x.shape().height(), x.shape().width());
        return new Op.MaxPool(new Window(whole, Size.ONE, Padding.NONE, false));
    }

    /** A mean or maximum over height and width, wherever the channels are. */
    private static Value reduce(Call call, boolean max) {
        Edge x = image(call);
        long[] given = call.integers("axes", 1);
        int[] axes = given == null || given.length == 0
                ? new int[] {0}
                : Arrays.stream(given)
                        .mapToInt(axis -> call.axis(axis, 4))
                        .sorted()
                        .toArray();
        boolean last = Arrays.equals(axes, new int[] {1, 2});
        if (!last && !Arrays.equals(axes, new int[] {2, 3})) {
            throw call.unsupported("axes " + Arrays.toString(axes), "height and width");
        }
        Edge first = last ? call.add("channels_first", new Op.Transpose(List.of(0, 3, 1, 2)), List.of(x)) : x;
        Edge pooled = call.add(max ? wholeMax(first) : new Op.GlobalAveragePool(), List.of(first));
        int channels = first.shape().channels();
        if (call.integer("keepdims", 1) == 0) {
            return call.reshape("squeeze", pooled, channels);
        }
        return last ? call.reshape("channels_last", pooled, 1, 1, channels) : pooled;
    }

    private static Value pad(Call call) {
        Edge x = image(call);
        String mode = call.text("mode", "constant");
        int[] pads = pads(call);
        if (pads[0] != 0 || pads[4] != 0) {
            throw call.unsupported("padding of the batch", "padding of images");
        }
        if (!mode.equals("constant")) {
            return mirrored(call, x, mode, pads);
        }
        double value = call.has(2) ? call.scalar(2) : call.real("value", 0);
        Edge result = x;
        if (pads[1] != 0 || pads[5] != 0) {
            if (value != 0) {
                throw call.unsupported("channels of " + value, "channels of zeros");
            }
            result = call.add("channels", new Op.PadChannels(pads[1], pads[5]), List.of(result));
        }
        Padding padding = new Padding(pads[2], pads[3], pads[6], pads[7]);
        return padding.equals(Padding.NONE) ? result : call.add(new Op.Pad(padding, value), List.of(result));
    }

    /** Rows and columns of the image itself around it, one axis after the other. */
    private static Edge mirrored(Call call, Edge x, String mode, int... pads) {
        Edge result = x;
        for (int axis = 1; axis < 4; axis++) {
            int before = pads[axis];
            int length = x.shape().size(axis);
            if (before + pads[axis + 4] > 0) {
                int[] places = IntStream.range(-before, length + pads[axis + 4])
                        .map(place -> inside(call, mode, place, length))
                        .toArray();
                String name = axis == lastPadded(pads) ? "" : "axis" + axis;
                result = ShapeOperators.entries(call, name, result, axis, places);
            }
        }
        return result;
    }

    private static int lastPadded(int... pads) {
        return IntStream.range(1, 4)
                .filter(i -> pads[i] + pads[i + 4] > 0)
                .max()
                .orElse(0);
    }

    private static int inside(Call call, String mode, int place, int length) {
        int inside =
                switch (mode) {
                    case "edge" -> Math.clamp(place, 0, length - 1);
                    case "reflect" -> place < 0 ? -place : place < length ? place : 2 * (length - 1) - place;
                    case "wrap" -> Math.floorMod(place, length);
                    case String other -> throw call.unsupported("mode " + other, "constant, edge, reflect or wrap");
                };
        if (inside < 0 || inside >= length) {
            throw call.wrong(Kind.INCOMPATIBLE_SHAPES, "padding of a length of " + length, "less than the length");
        }
        return inside;
    }

    /** Before and after for every dimension, whichever of them the file lists. */
    private static int[] pads(Call call) {
        long[] given = call.integers("pads", 1);
        long[] axes = call.has(3) ? call.ints(3).values() : new long[] {0, 1, 2, 3};
        if (given == null || given.length != 2 * axes.length) {
            throw call.wrong(
                    Kind.CORRUPT_FILE, "pads " + Arrays.toString(given), "two for each of " + axes.length + " axes");
        }
        int[] pads = new int[8];
        for (int i = 0; i < axes.length; i++) {
            int axis = call.axis(axes[i], 4);
            pads[axis] = call.length("pads", given[i], 0);
            pads[axis + 4] = call.length("pads", given[i + axes.length], 0);
        }
        return pads;
    }

    private static Value upsample(Call call) {
        double[] scales = call.hasAttribute("scales")
                ? call.node().attributes().get("scales").reals()
                : reals(call, 1);
        return resized(call, scales, null, Placement.ASYMMETRIC, "floor");
    }

    private static Value resize(Call call) {
        boolean early = call.opset() < 11;
        if (call.integer("antialias", 0) != 0
                || !call.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw call.unsupported("antialias or keep_aspect_ratio_policy", "neither");
        }
        String where = call.text("coordinate_transformation_mode", early ? "asymmetric" : "half_pixel");
        Placement placement =
                switch (where) {
                    case "half_pixel" -> Placement.HALF_PIXEL;
                    case "pytorch_half_pixel" -> Placement.PYTORCH_HALF_PIXEL;
                    case "asymmetric" -> Placement.ASYMMETRIC;
                    case "align_corners" -> Placement.ALIGN_CORNERS;
                    case String other ->
                        throw call.unsupported(
                                "coordinate_transformation_mode " + other,
                                "half_pixel, pytorch_half_pixel, asymmetric or align_corners");
                };
        boolean scaled = early || call.has(2) && call.constant(2).count() > 0;
        String rounding = call.text("nearest_mode", early ? "floor" : "round_prefer_floor");
        double[] scales = scaled ? reals(call, early ? 1 : 2) : null;
        return resized(call, scales, scaled ? null : call.ints(3), placement, rounding);
    }

    private static double[] reals(Call call, int index) {
        float[] values = call.floats(index).values();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static Value resized(Call call, double[] scales, Ints sizes, Placement placement, String rounding) {
        Edge x = image(call);
        long[] listed = call.integers("axes", 0, 1, 2, 3);
        double[] factors = {1, 1, 1, 1};
        long[] lengths = new long[4];
        for (int i = 0; i < listed.length; i++) {
            int axis = call.axis(listed[i], 4);
            if ((scales != null ? scales.length : sizes.count()) != listed.length) {
                throw call.wrong(Kind.CORRUPT_FILE, "scales or sizes", "one for each of " + listed.length + " axes");
            }
            if (axis == 0) {
                continue;
            }
            int length = x.shape().size(axis);
            factors[axis] = scales != null ? scales[i] : (double) sizes.values()[i] / length;
            if (scales != null && placement == Placement.ALIGN_CORNERS && length * scales[i] % 1 != 0) {
                throw call.unsupported("align_corners to a length of " + length * scales[i], "a whole number");
            }
            lengths[axis] = scales != null ? (long) Math.floor(length * scales[i]) : sizes.values()[i];
        }
        if (factors[1] != 1) {
            throw call.unsupported("channels times " + factors[1], "resizing of height and width");
        }
        Size to = new Size(
                call.length(
                        "height",
                        listed.length < 3 && lengths[2] == 0 ? x.shape().height() : lengths[2],
                        1),
                call.length(
                        "width",
                        listed.length < 3 && lengths[3] == 0 ? x.shape().width() : lengths[3],
                        1));
        Resampling resampling = new Resampling(method(call, rounding), placement, factors[2], factors[3]);
        return call.add(new Op.Resize(to, resampling), List.of(x));
    }

    private static Method method(Call call, String rounding) {
        return switch (call.text("mode", "nearest")) {
            case "linear", "bilinear" -> Method.LINEAR;
            case "nearest" ->
                switch (rounding) {
                    case "round_prefer_floor" -> Method.NEAREST_LOWER;
                    case "round_prefer_ceil" -> Method.NEAREST_UPPER;
                    case "floor" -> Method.NEAREST_FLOOR;
                    case "ceil" -> Method.NEAREST_CEIL;
                    case String other -> throw call.unsupported("nearest_mode " + other, "a mode of ONNX");
                };
            case String other -> throw call.unsupported("mode " + other, "nearest or linear");
        };
    }
}
