package dev.dsg.engine.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An n-dimensional float32 array in native memory, with the operations of the engine.
 *
 * <p>Operations return new tensors, which the enclosing {@link Scope} frees; methods named {@code ...InPlace} change this
 * tensor and may not be used on one that a backward pass still needs. Shapes follow the convention {@code [batch,
 * channels, height, width]}; {@link #channelsLast} changes the order in memory and nothing else.
 */
public final class Tensor implements AutoCloseable {

    private final NDArray array;

    Tensor(NDArray array) {
        this.array = array;
    }

    NDArray array() {
        return array;
    }

    // ---- making and reading

    /** A copy of {@code values} (row-major) with the given shape. */
    public static Tensor of(float[] values, long... shape) {
        return new Tensor(Native.copyOf(values, shape));
    }

    /** A 0-dimensional tensor. */
    public static Tensor scalar(double value) {
        return new Tensor(Native.scalar(value));
    }

    /** Zeros of the given shape. */
    public static Tensor zeros(long... shape) {
        return new Tensor(Native.manager().zeros(new Shape(shape)));
    }

    /** {@code [labels, classes]}: 1 at the class of each label, 0 elsewhere. Times a table, it picks the rows of classes. */
    public static Tensor oneHot(int[] labels, int classes) {
        float[] values = new float[Math.multiplyExact(labels.length, classes)];
        for (int i = 0; i < labels.length; i++) {
            values[i * classes + labels[i]] = 1;
        }
        return of(values, labels.length, classes);
    }

    /** Zeros with the shape and memory order of this tensor. */
    public Tensor zerosLike() {
        return new Tensor(array.zerosLike());
    }

    /**
     * A batch of images whose {@code values} lie as {@code [batch, height, width, channels]}; the tensor's shape is
     * {@code [batch, channels, height, width]}, its memory stays as given. Convolutions read this order fastest.
     */
    public static Tensor ofChannelsLast(float[] values, int batch, int channels, int height, int width) {
        return new Tensor(Native.copyOf(values, batch, height, width, channels).transpose(0, 3, 1, 2));
    }

    /** The same values and shape {@code [batch, channels, height, width]} with channels innermost in memory. */
    public Tensor channelsLast() {
        return new Tensor(array.transpose(0, 2, 3, 1).duplicate().transpose(0, 3, 1, 2));
    }

    /** The shape, one entry a dimension. */
    public long[] shape() {
        return array.getShape().getShape();
    }

    /** The length of dimension {@code axis}. */
    public long size(int axis) {
        return array.getShape().get(axis);
    }

    /** The number of elements. */
    public long count() {
        return array.size();
    }

    /** The values in row-major order, copied to the host. */
    public float[] toFloats() {
        return array.toFloatArray();
    }

    /** The one value of a tensor with one element. */
    public float item() {
        return toFloats()[0];
    }

    /** A copy in memory of its own. */
    public Tensor copy() {
        return new Tensor(array.duplicate());
    }

    /** Frees the native memory now. */
    @Override
    public void close() {
        array.close();
    }

    // ---- autograd

    /** Makes this tensor a leaf whose gradient a backward pass computes. */
    public Tensor requireGradient() {
        array.setRequiresGradient(true);
        return this;
    }

    /** The gradient accumulated so far; a new handle at every call, freed by the enclosing scope. */
    public Tensor gradient() {
        return new Tensor(array.getGradient());
    }

    /** The same values as a constant. */
    public Tensor detach() {
        return new Tensor(array.stopGradient());
    }

    // ---- arithmetic, with broadcasting

    public Tensor add(Tensor other) {
        return new Tensor(array.add(other.array));
    }

    public Tensor add(double value) {
        return new Tensor(array.add(Native.scalar(value)));
    }

    public Tensor sub(Tensor other) {
        return new Tensor(array.sub(other.array));
    }

    public Tensor mul(Tensor other) {
        return new Tensor(array.mul(other.array));
    }

    public Tensor mul(double value) {
        return new Tensor(array.mul(Native.scalar(value)));
    }

    public Tensor div(Tensor other) {
        return new Tensor(array.div(other.array));
    }

    public Tensor div(double value) {
        return new Tensor(array.div(Native.scalar(value)));
    }

    public Tensor neg() {
        return new Tensor(array.neg());
    }

    public Tensor square() {
        return new Tensor(array.square());
    }

    public Tensor sqrt() {
        return new Tensor(array.sqrt());
    }

    public Tensor abs() {
        return new Tensor(array.abs());
    }

    /** Elementwise {@code this^exponent}, for values from 0 and exponents from 1. */
    public Tensor pow(double exponent) {
        return new Tensor(array.pow(Native.scalar(exponent)));
    }

    /** Elementwise {@code max(this, 0)}. */
    public Tensor relu() {
        return new Tensor(ai.djl.nn.Activation.relu(array));
    }

    /** Elementwise limits; the gradient is 1 inside and 0 outside. */
    public Tensor clip(double lo, double hi) {
        return new Tensor(array.clip((float) lo, (float) hi));
    }

    /** {@code x} above 0, {@code slope x} below. */
    public Tensor leakyRelu(double slope) {
        return new Tensor(JniUtils.leakyRelu((PtNDArray) array, slope));
    }

    /** {@code x} above 0, {@code alpha (exp(x) - 1)} below. */
    public Tensor elu(double alpha) {
        return new Tensor(array.getNDArrayInternal().elu((float) alpha));
    }

    /** {@code log(1 + exp(x))}. */
    public Tensor softplus() {
        return new Tensor(array.getNDArrayInternal().softPlus());
    }

    /** The error function. */
    public Tensor erf() {
        return new Tensor(array.erf());
    }

    /** {@code 1 / (1 + exp(-x))}. */
    public Tensor sigmoid() {
        return new Tensor(array.getNDArrayInternal().sigmoid());
    }

    /** {@code min(max(slope x + offset, 0), 1)}. */
    public Tensor hardSigmoid(double slope, double offset) {
        return mul(slope).add(offset).clip(0, 1);
    }

    public Tensor tanh() {
        return new Tensor(array.tanh());
    }

    /** Rounds half to even. */
    public Tensor round() {
        return new Tensor(array.round());
    }

    public Tensor addInPlace(Tensor other) {
        array.addi(other.array);
        return this;
    }

    public Tensor subInPlace(Tensor other) {
        array.subi(other.array);
        return this;
    }

    public Tensor mulInPlace(Tensor other) {
        array.muli(other.array);
        return this;
    }

    public Tensor mulInPlace(double value) {
        try (NDArray scalar = Native.scalar(value)) {
            array.muli(scalar);
        }
        return this;
    }

    public Tensor divInPlace(Tensor other) {
        array.divi(other.array);
        return this;
    }

    /** Overwrites the values by those of {@code other}. */
    public Tensor setInPlace(Tensor other) {
        array.set(new NDIndex("..."), other.array);
        return this;
    }

    // ---- reductions

    /**
     * The sum of all elements, 0-dimensional. The first dimension is added up last: torch splits one long sum among its
     * threads, and the result would depend on how many there are.
     */
    public Tensor sum() {
        int dimensions = array.getShape().dimension();
        NDArray rows = dimensions < 2
                ? array
                : array.sum(IntStream.range(1, dimensions).toArray());
        return new Tensor(rows.sum());
    }

    /** The sums over {@code axes}; kept dimensions have length 1 if {@code keep}. */
    public Tensor sum(int[] axes, boolean keep) {
        return new Tensor(array.sum(axes, keep));
    }

    /** The mean of all elements, 0-dimensional. */
    public Tensor mean() {
        return sum().div(count());
    }

    /** The means over {@code axes}, as sum over count, because DJL's mean takes one axis only. */
    public Tensor mean(int[] axes, boolean keep) {
        long n = Arrays.stream(axes).mapToLong(this::size).reduce(1, Math::multiplyExact);
        return sum(axes, keep).div(n);
    }

    /** Euclidean norms over {@code axes}, in one pass over the memory. */
    public Tensor norm(int... axes) {
        return new Tensor(array.norm(axes));
    }

    /** The largest values over {@code axes}. */
    public Tensor max(int[] axes) {
        NDArray result = array;
        int[] descending = IntStream.of(axes).map(a -> -a).sorted().map(a -> -a).toArray();
        for (int axis : descending) {
            result = result.max(new int[] {axis});
        }
        return new Tensor(result);
    }

    /** The smallest values over {@code axes}. */
    public Tensor min(int[] axes) {
        NDArray result = array;
        int[] descending = IntStream.of(axes).map(a -> -a).sorted().map(a -> -a).toArray();
        for (int axis : descending) {
            result = result.min(new int[] {axis});
        }
        return new Tensor(result);
    }

    /** The {@code count} largest of all elements, the largest first. */
    public Tensor largest(int count) {
        NDList valuesAndPlaces = array.flatten().topK(count, 0, true, true);
        return new Tensor(valuesAndPlaces.get(0));
    }

    // ---- shape

    public Tensor reshape(long... shape) {
        return new Tensor(array.reshape(shape));
    }

    public Tensor transpose(int... axes) {
        return new Tensor(array.transpose(axes));
    }

    /** The tensors of {@code parts} one after the other along dimension {@code axis}. */
    public static Tensor concat(List<Tensor> parts, int axis) {
        NDList arrays = new NDList(parts.size());
        parts.forEach(part -> arrays.add(part.array));
        return new Tensor(NDArrays.concat(arrays, axis));
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive) of the first dimension. */
    public Tensor rows(long from, long to) {
        return new Tensor(array.get(new NDIndex("{}:{}", from, to)));
    }

    /** Every {@code step}-th row and column of {@code [batch, channels, height, width]}. */
    public Tensor subsample(int step) {
        return new Tensor(array.get(new NDIndex(":, :, ::" + step + ", ::" + step)));
    }

    /**
     * Every row and column of {@code [batch, channels, height, width]} {@code factor} times, with channels innermost in
     * memory: copies of whole pixels, six times as fast as the native library's interpolation.
     */
    public Tensor enlarge(int factor) {
        long[] s = shape();
        NDArray pixels = array.transpose(0, 2, 3, 1).reshape(s[0], s[2], 1, s[3], 1, s[1]);
        NDArray wide = NDArrays.concat(new NDList(Collections.nCopies(factor, pixels)), 4);
        NDArray large = NDArrays.concat(new NDList(Collections.nCopies(factor, wide)), 2);
        return new Tensor(
                large.reshape(s[0], s[2] * factor, s[3] * factor, s[1]).transpose(0, 3, 1, 2));
    }

    /** Zero channels before and after those of {@code [batch, channels, height, width]}. */
    public Tensor padChannels(int before, int after) {
        long[] shape = shape();
        NDList parts = new NDList();
        if (before > 0) {
            parts.add(Native.manager().zeros(new Shape(shape[0], before, shape[2], shape[3])));
        }
        parts.add(array);
        if (after > 0) {
            parts.add(Native.manager().zeros(new Shape(shape[0], after, shape[2], shape[3])));
        }
        return new Tensor(NDArrays.concat(parts, 1));
    }

    /** Every {@code step}-th entry of dimension {@code axis} from {@code from} up to, without, {@code to}. */
    public Tensor slice(int axis, long from, long to, long step) {
        return new Tensor(JniUtils.slice((PtNDArray) array, axis, from, to, step));
    }

    /**
     * Rows above and below and columns on the left and right of {@code [batch, channels, height, width]}, filled with
     * {@code value}; a negative number cuts off instead.
     */
    public Tensor pad(int top, int left, int bottom, int right, double value) {
        return new Tensor(JniUtils.pad((PtNDArray) array, new long[] {left, right, top, bottom}, value));
    }

    /** Channel {@code g n + i} becomes channel {@code i groups + g} of {@code [batch, channels, height, width]}. */
    public Tensor channelShuffle(int groups) {
        long[] s = shape();
        return reshape(s[0], groups, s[1] / groups, s[2], s[3])
                .transpose(0, 2, 1, 3, 4)
                .reshape(s);
    }

    /**
     * {@code [batch, c block^2, h, w] -> [batch, c, h block, w block]}.
     *
     * @param depthFirst whether channels {@code c} apart become one block, and not neighbours
     */
    public Tensor depthToSpace(int block, boolean depthFirst) {
        long[] s = shape();
        long channels = s[1] / (block * block);
        Tensor blocks = depthFirst
                ? reshape(s[0], block, block, channels, s[2], s[3]).transpose(0, 3, 4, 1, 5, 2)
                : reshape(s[0], channels, block, block, s[2], s[3]).transpose(0, 1, 4, 2, 5, 3);
        return blocks.reshape(s[0], channels, s[2] * block, s[3] * block);
    }

    // ---- networks

    /** Matrix product of {@code [n, k]} and {@code [k, m]}. */
    public Tensor matMul(Tensor other) {
        return new Tensor(array.matMul(other.array));
    }

    /**
     * 2-d convolution of {@code [batch, in, h, w]} with {@code weight [out, in / groups, kh, kw]}.
     *
     * @param bias {@code [out]}, or null
     */
    public Tensor conv2d(Tensor weight, Tensor bias, int stride, int padding, int groups) {
        int[] one = {1, 1};
        return conv2d(weight, bias, new int[] {stride, stride}, new int[] {padding, padding}, one, groups);
    }

    /**
     * 2-d convolution of {@code [batch, in, h, w]} with {@code weight [out, in / groups, kh, kw]}; stride, padding and
     * dilation are given as height and width.
     *
     * @param bias {@code [out]}, or null
     */
    public Tensor conv2d(Tensor weight, Tensor bias, int[] stride, int[] padding, int[] dilation, int groups) {
        return new Tensor(Conv2d.conv2d(
                        array,
                        weight.array,
                        bias == null ? null : bias.array,
                        sides(stride),
                        sides(padding),
                        sides(dilation),
                        groups)
                .singletonOrThrow());
    }

    /**
     * The largest value under each window of {@code [batch, channels, h, w]}; kernel, stride and padding are given as
     * height and width.
     *
     * @param padding at most half the kernel
     * @param ceil whether a last window that only partly fits is taken too
     */
    public Tensor maxPool(int[] kernel, int[] stride, int[] padding, boolean ceil) {
        return new Tensor(array.getNDArrayInternal().maxPool(sides(kernel), sides(stride), sides(padding), ceil));
    }

    /**
     * The mean under each window of {@code [batch, channels, h, w]}, with padding counted as zeros; otherwise as {@link
     * #maxPool}. (DJL's switch for not counting it has no effect.)
     */
    public Tensor averagePool(int[] kernel, int[] stride, int[] padding, boolean ceil) {
        return new Tensor(array.getNDArrayInternal().avgPool(sides(kernel), sides(stride), sides(padding), ceil, true));
    }

    private static Shape sides(int[] heightAndWidth) {
        return new Shape(heightAndWidth[0], heightAndWidth[1]);
    }

    /**
     * Batch normalisation of {@code [batch, channels, h, w]}; the four statistics and parameters are {@code [channels]}.
     *
     * @param training normalise by the batch's own statistics and move the running ones towards them by a tenth
     */
    public Tensor batchNorm(
            Tensor mean, Tensor variance, Tensor scale, Tensor shift, double epsilon, boolean training) {
        return new Tensor(array.getNDArrayInternal()
                .batchNorm(
                        array,
                        mean.array,
                        variance.array,
                        scale.array,
                        shift.array,
                        -1,
                        0.9f,
                        (float) epsilon,
                        training)
                .singletonOrThrow());
    }

    /** Mean over height and width: {@code [batch, channels, h, w] -> [batch, channels, 1, 1]}. */
    public Tensor globalAveragePool() {
        return mean(new int[] {2, 3}, true);
    }

    /** {@code x W^T + b} for {@code x [batch, in]}, {@code weight [out, in]}, {@code bias [out]}. */
    public Tensor linear(Tensor weight, Tensor bias) {
        return matMul(weight.transpose(1, 0)).add(bias);
    }

    /** {@code exp(x)} over its sum along dimension {@code axis}. */
    public Tensor softmax(int axis) {
        return new Tensor(array.softmax(axis));
    }

    /** Logarithm of the softmax over the last dimension. */
    public Tensor logSoftmax() {
        return new Tensor(array.logSoftmax(-1));
    }

    /** Mean over the batch of {@code -log softmax(this)[label]}; this is {@code [batch, classes]}. */
    public Tensor crossEntropy(int[] labels) {
        Tensor oneHot = oneHot(labels, Math.toIntExact(size(1)));
        return logSoftmax().mul(oneHot).sum().div(-labels.length);
    }

    // ---- optimiser steps, in place, outside recording

    /**
     * One Adam step on this leaf (Kingma and Ba, 2015, algorithm 1, as torch.optim.Adam): {@code m} and {@code v} are
     * moved, the leaf is changed, and its gradient is set to zero.
     */
    public void adamStep(Tensor m, Tensor v, AdamLeaf.Betas betas, double learningRate, int step) {
        double beta1 = betas.mean();
        double beta2 = betas.square();
        try (Scope _ = Scope.open();
                GradientScope _ = GradientScope.pause()) {
            Tensor g = gradient();
            m.mulInPlace(beta1).addInPlace(g.mul(1 - beta1));
            v.mulInPlace(beta2).addInPlace(g.square().mulInPlace(1 - beta2));
            Tensor denominator = v.div(1 - Math.pow(beta2, step)).sqrt().add(1e-8);
            subInPlace(m.mul(learningRate / (1 - Math.pow(beta1, step))).divInPlace(denominator));
            g.mulInPlace(0);
        }
    }

    /**
     * One step of stochastic gradient descent with Nesterov momentum on this leaf (as torch.optim.SGD); its gradient is
     * set to zero.
     */
    public void nesterovStep(Tensor velocity, double learningRate, double momentum, double weightDecay) {
        momentumStep(velocity, learningRate, momentum, weightDecay, true);
    }

    /** {@link #nesterovStep}, or the same with the momentum of a heavy ball. */
    public void momentumStep(
            Tensor velocity, double learningRate, double momentum, double weightDecay, boolean nesterov) {
        try (Scope _ = Scope.open();
                GradientScope _ = GradientScope.pause()) {
            Tensor g = gradient();
            Tensor decayed = weightDecay == 0 ? g.copy() : g.add(detach().mul(weightDecay));
            velocity.mulInPlace(momentum).addInPlace(decayed);
            Tensor step = nesterov ? velocity.mul(momentum).addInPlace(decayed) : velocity.copy();
            subInPlace(step.mulInPlace(learningRate));
            g.mulInPlace(0);
        }
    }

    @Override
    public String toString() {
        return "Tensor" + array.getShape();
    }
}
