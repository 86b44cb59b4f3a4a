package dev.dsg.engine.graph;

import java.util.List;

/**
 * What a {@link Node} computes. Shapes are {@code [batch, channels, height, width]} unless said otherwise; axes are
 * numbered from the batch, which is axis 0 and which no operation moves, cuts or mixes.
 */
public sealed interface Op {

    /** The network's input. */
    record Input() implements Op {}

    // ---- layers with weights

    /** 2-d convolution; parameters: weight {@code [out, in / groups, kh, kw]}, optionally bias {@code [out]}. */
    record Conv(Size stride, Padding padding, Size dilation, int groups) implements Op {

        public Conv {
            atLeastOne("groups", groups);
        }

        /** The same stride and padding both ways. */
        public Conv(int stride, int padding, int groups) {
            this(Size.square(stride), Padding.of(padding), Size.ONE, groups);
        }
    }

    /** {@code x W^T + b} of {@code [batch, in]}; parameters: weight {@code [out, in]}, bias {@code [out]}. */
    record Gemm() implements Op {}

    /** Batch normalisation by running statistics; parameters in order: scale, shift, mean, variance. */
    record BatchNorm(double epsilon) implements Op {}

    // ---- value by value

    /** {@code max(x, 0)}. */
    record Relu() implements Op {}

    /** {@code min(max(x, lo), hi)}; ReLU6 is {@code Clip(0, 6)}. */
    record Clip(double lo, double hi) implements Op {}

    /** {@code x} above 0, {@code slope x} below. */
    record LeakyRelu(double slope) implements Op {}

    /** {@code x} above 0, {@code alpha (exp(x) - 1)} below. */
    record Elu(double alpha) implements Op {}

    /** {@code log(1 + exp(x))}. */
    record Softplus() implements Op {}

    /** The error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to {@code x}. */
    record Erf() implements Op {}

    /** {@code 1 / (1 + exp(-x))}. */
    record Sigmoid() implements Op {}

    /** {@code min(max(slope x + offset, 0), 1)}. */
    record HardSigmoid(double slope, double offset) implements Op {}

    /** {@code x min(max(x / 6 + 1 / 2, 0), 1)} (Howard et al., 2019, section 5.2). */
    record HardSwish() implements Op {}

    /** The hyperbolic tangent. */
    record Tanh() implements Op {}

    /** {@code exp(x)} over its sum along {@code axis}. */
    record Softmax(int axis) implements Op {}

    /** Elementwise sum of two inputs; a dimension of length 1 is repeated. */
    record Add() implements Op {}

    /** Elementwise product of two inputs; a dimension of length 1 is repeated. */
    record Mul() implements Op {}

    /** Elementwise sum with a parameter that has the example's dimensions, of its length or of length 1. */
    record AddConstant() implements Op {}

    /** Elementwise product with a parameter that has the example's dimensions, of its length or of length 1. */
    record MulConstant() implements Op {}

    // ---- over windows and images

    /** The largest value under each window; padding never is. */
    record MaxPool(Window window) implements Op {}

    /**
     * The mean under each window.
     *
     * @param countPadding whether padding counts as zeros, instead of not at all; what a window in ceil mode covers
     *     beyond the padding never counts
     */
    record AveragePool(Window window, boolean countPadding) implements Op {}

    /** Mean over height and width, which become 1. */
    record GlobalAveragePool() implements Op {}

    /** Height and width changed to {@code to}; see {@link Resampling}. */
    record Resize(Size to, Resampling resampling) implements Op {}

    /** Rows and columns of {@code value} around the image. */
    record Pad(Padding padding, double value) implements Op {}

    /** Every {@code step}-th row and column. */
    record Subsample(int step) implements Op {}

    // ---- moving values

    /** Zero channels before and after. */
    record PadChannels(int before, int after) implements Op {}

    /** One input after the other along {@code axis}. */
    record Concat(int axis) implements Op {

        public Concat {
            atLeastOne("axis", axis);
        }
    }

    /** Every {@code step}-th entry of {@code axis} from {@code from} up to, without, {@code to}. */
    record Slice(int axis, int from, int to, int step) implements Op {

        public Slice {
            atLeastOne("axis", axis);
            atLeastOne("step", step);
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("slice from " + from + " to " + to + " holds nothing");
            }
        }
    }

    /**
     * Channel {@code g n + i} becomes channel {@code i groups + g}, where {@code n} is the number of channels a group
     * (Zhang et al., 2018, section 3.1).
     */
    record ChannelShuffle(int groups) implements Op {

        public ChannelShuffle {
            atLeastOne("groups", groups);
        }
    }

    /** {@code [batch, c block^2, h, w] -> [batch, c, h block, w block]}. */
    record DepthToSpace(int block, Order order) implements Op {

        /** Which channels become one block of the image. */
        public enum Order {
            /** Those {@code c} apart. */
            DEPTH_FIRST,
            /** Neighbours, as in PyTorch's pixel shuffle. */
            CHANNELS_FIRST
        }

        public DepthToSpace {
            atLeastOne("block", block);
        }
    }

    /** The axes in another order; {@code axes} starts with 0, because the batch stays where it is. */
    record Transpose(List<Integer> axes) implements Op {

        public Transpose {
            axes = List.copyOf(axes);
            if (axes.isEmpty() || axes.getFirst() != 0) {
                throw new IllegalArgumentException("transpose " + axes + " moves the batch");
            }
        }
    }

    /** {@code [batch, ...] -> [batch, to...]} with the values in the same order. */
    record Reshape(Shape to) implements Op {}

    /** {@code [batch, ...] -> [batch, everything]}. */
    record Flatten() implements Op {}

    /**
     * Whether this is an activation function that follows a layer. What it makes is what the reference quantization
     * policy quantizes; functions that gate another value (sigmoid and its like) are not among them.
     */
    default boolean isActivation() {
        return switch (this) {
            case Relu _, Clip _, LeakyRelu _, Elu _, HardSwish _ -> true;
            case Input _, Conv _, Gemm _, BatchNorm _ -> false;
            case Sigmoid _, HardSigmoid _, Tanh _, Softplus _, Erf _, Softmax _ -> false;
            case Add _, Mul _, AddConstant _, MulConstant _ -> false;
            case MaxPool _, AveragePool _, GlobalAveragePool _, Resize _, Pad _, Subsample _ -> false;
            case PadChannels _, Concat _, Slice _, ChannelShuffle _, DepthToSpace _ -> false;
            case Transpose _, Reshape _, Flatten _ -> false;
        };
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ", below 1");
        }
    }
}
