package dev.dsg.engine.graph;

/** What a {@link Node} computes. Shapes are {@code [batch, channels, height, width]} unless said otherwise. */
public sealed interface Op {

    /** The network's input. */
    record Input() implements Op {}

    /** 2-d convolution with square stride and padding; parameters: weight {@code [out, in / groups, kh, kw]}, optionally bias. */
    record Conv(int stride, int padding, int groups) implements Op {}

    /** Batch normalisation by running statistics; parameters in order: scale, shift, mean, variance. */
    record BatchNorm(double epsilon) implements Op {}

    /** {@code max(x, 0)}. */
    record Relu() implements Op {}

    /** Elementwise sum of two inputs. */
    record Add() implements Op {}

    /** Every {@code step}-th row and column. */
    record Subsample(int step) implements Op {}

    /** Zero channels before and after. */
    record PadChannels(int before, int after) implements Op {}

    /** Mean over height and width, which become 1. */
    record GlobalAveragePool() implements Op {}

    /** {@code [batch, ...] -> [batch, everything]}. */
    record Flatten() implements Op {}

    /** {@code x W^T + b}; parameters: weight {@code [out, in]}, bias {@code [out]}. */
    record Gemm() implements Op {}
}
