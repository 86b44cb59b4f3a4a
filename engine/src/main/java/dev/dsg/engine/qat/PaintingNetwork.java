package dev.dsg.engine.qat;

import dev.dsg.engine.painting.ClassNorm;
import dev.dsg.engine.painting.Convolution;
import dev.dsg.engine.painting.Learned;
import dev.dsg.engine.painting.Linear;
import dev.dsg.engine.painting.Norm;
import dev.dsg.engine.painting.Sides;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.function.BinaryOperator;

/**
 * Paints an image of a class from a random vector (GDFQ: Xu et al., ECCV 2020):
 *
 * <pre>
 * z [latent]  linear  [128, h/4, w/4]  norm 1e-5  enlarge 2  conv 3x3  [128, h/2, w/2]  norm 0.8  leaky relu 0.2
 *             enlarge 2  conv 3x3  [64, h, w]  norm 0.8  leaky relu 0.2  conv 3x3  [channels, h, w]  tanh
 *             norm without scale and shift
 * </pre>
 *
 * <p>The number behind a norm is what it adds to the variance; all take the statistics of the batch. How the class comes in
 * depends on how many there are, as it was published: up to 100, as for CIFAR, z is multiplied by a learned vector of the
 * class; with more, as for ImageNet, each norm has a scale and a shift for every class. With few classes, each meets many
 * images and a vector says enough; among a thousand, the first layer alone would have to tell all products apart.
 */
final class PaintingNetwork {

    private static final int WIDE = 128;
    private static final int NARROW = 64;
    private static final double SLOPE = 0.2;
    private static final double EPSILON = 1e-5;
    private static final double LARGE_EPSILON = 0.8;
    private static final int MOST_PRODUCTS = 100;

    private final Sides sides;
    private final int classes;
    /** Of vectors {@code [batch, latent]} and one-hot classes {@code [batch, classes]}: the vectors to paint from. */
    private final BinaryOperator<Tensor> meaning;

    private final Linear spread;
    private final BinaryOperator<Tensor> spreadNorm;
    private final Convolution wide;
    private final BinaryOperator<Tensor> wideNorm;
    private final Convolution narrow;
    private final BinaryOperator<Tensor> narrowNorm;
    private final Convolution paint;

    /** @param learned takes up all that the network learns */
    PaintingNetwork(Learned learned, int latent, int classes, int channels, Sides sides) {
        this.sides = sides;
        this.classes = classes;
        this.meaning = meaning(learned, latent);
        this.spread = Linear.of(learned, "spread", latent, WIDE * sides.rows() * sides.columns());
        this.spreadNorm = norm(learned, "spread.norm", WIDE, EPSILON);
        this.wide = Convolution.of(learned, "wide", WIDE, WIDE);
        this.wideNorm = norm(learned, "wide.norm", WIDE, LARGE_EPSILON);
        this.narrow = Convolution.of(learned, "narrow", WIDE, NARROW);
        this.narrowNorm = norm(learned, "narrow.norm", NARROW, LARGE_EPSILON);
        this.paint = Convolution.of(learned, "paint", NARROW, channels);
    }

    private boolean multiplies() {
        return classes <= MOST_PRODUCTS;
    }

    private BinaryOperator<Tensor> meaning(Learned learned, int latent) {
        if (!multiplies()) {
            return (z, _) -> z;
        }
        AdamLeaf vectors = learned.gaussian("classes", classes, latent);
        return (z, oneHot) -> oneHot.matMul(vectors.value()).mul(z);
    }

    private BinaryOperator<Tensor> norm(Learned learned, String name, int channels, double epsilon) {
        if (multiplies()) {
            Norm norm = Norm.of(learned, name, channels, epsilon);
            return (x, _) -> norm.apply(x);
        }
        return ClassNorm.of(learned, name, classes, channels, epsilon)::apply;
    }

    /**
     * The images, {@code [batch, channels, height, width]}, each channel of the batch with mean 0 and deviation 1 before it
     * is cut to its sides.
     *
     * @param z {@code [batch, latent]}
     * @param labels a class for each
     */
    Tensor paint(Tensor z, int[] labels) {
        Tensor oneHot = Tensor.oneHot(labels, classes);
        Tensor x = spread.apply(meaning.apply(z, oneHot)).reshape(z.size(0), WIDE, sides.rows(), sides.columns());
        x = spreadNorm.apply(x, oneHot).enlarge(2);
        x = wideNorm.apply(wide.apply(x), oneHot).leakyRelu(SLOPE).enlarge(2);
        x = narrowNorm.apply(narrow.apply(x), oneHot).leakyRelu(SLOPE);
        return sides.cut(Norm.bare(paint.apply(x).tanh(), EPSILON));
    }

    /** Of the linear layer and the convolutions, for one image. */
    long multiplyAdds() {
        long quarter = (long) sides.rows() * sides.columns();
        return spread.weight().count()
                + 4 * quarter * wide.weight().count()
                + 16 * quarter * (narrow.weight().count() + paint.weight().count());
    }
}
