package dev.dsg.engine.network;

import dev.dsg.engine.graph.Op;
import dev.dsg.engine.graph.Padding;
import dev.dsg.engine.graph.Size;

/** The kernel of a convolution and how it moves. */
record Kernel(Size size, Op.Conv conv) {

    /** A square kernel that keeps height and width at stride 1. */
    static Kernel same(int side) {
        return same(side, side);
    }

    /** A kernel with odd sides that keeps height and width at stride 1. */
    static Kernel same(int height, int width) {
        return new Kernel(
                new Size(height, width), new Op.Conv(Size.ONE, Padding.of(height / 2, width / 2), Size.ONE, 1));
    }

    /** A square kernel that stays within the image. */
    static Kernel valid(int side) {
        return same(side).padded(0);
    }

    Kernel stride(int stride) {
        return with(new Op.Conv(Size.square(stride), conv.padding(), conv.dilation(), conv.groups()));
    }

    Kernel padded(int padding) {
        return with(new Op.Conv(conv.stride(), Padding.of(padding), conv.dilation(), conv.groups()));
    }

    Kernel groups(int groups) {
        return with(new Op.Conv(conv.stride(), conv.padding(), conv.dilation(), groups));
    }

    private Kernel with(Op.Conv changed) {
        return new Kernel(size, changed);
    }
}
