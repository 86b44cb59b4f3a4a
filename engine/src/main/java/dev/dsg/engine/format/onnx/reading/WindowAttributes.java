package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.Size;

/** The attributes of convolution and pooling. */
record WindowAttributes(Call call) {

    /** Two lengths, 1 each if the attribute is left out. */
    Size size(String name) {
        long[] sides = call.integers(name, 1, 1);
        if (sides.length != 2) {
            throw call.unsupported(name + " of " + sides.length + " values", "two: height and width");
        }
        return new Size(call.length(name, sides[0], 1), call.length(name, sides[1], 1));
    }

    /**
     * The padding, explicit or as {@code auto_pad} asks for.
     *
     * @param reach the size of the kernel with its gaps
     */
    Padding padding(Shape x, Size reach) {
        return switch (call.text("auto_pad", "NOTSET")) {
            case "NOTSET", "" -> explicit();
            case "VALID" -> Padding.NONE;
            case "SAME_UPPER" -> same(x, reach, false);
            case "SAME_LOWER" -> same(x, reach, true);
            case String other -> throw call.unsupported("auto_pad " + other, "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
    }

    private Padding explicit() {
        long[] pads = call.integers("pads", 0, 0, 0, 0);
        if (pads.length != 4) {
            throw call.unsupported("pads of " + pads.length + " values", "four: top, left, bottom, right");
        }
        return new Padding(
                call.length("pads", pads[0], 0),
                call.length("pads", pads[1], 0),
                call.length("pads", pads[2], 0),
                call.length("pads", pads[3], 0));
    }

    private Padding same(Shape x, Size reach, boolean lower) {
        Size stride = size("strides");
        int rows = missing(x.height(), reach.height(), stride.height());
        int columns = missing(x.width(), reach.width(), stride.width());
        int top = lower ? Math.ceilDiv(rows, 2) : rows / 2;
        int left = lower ? Math.ceilDiv(columns, 2) : columns / 2;
        return new Padding(top, left, rows - top, columns - left);
    }

    /** What {@code ceil(length / stride)} windows need beyond the image. */
    private static int missing(int length, int reach, int stride) {
        return Math.max(0, (Math.ceilDiv(length, stride) - 1) * stride + reach - length);
    }
}
