package dev.dsg.engine.synthesis;

import dev.dsg.engine.painting.Convolution;
import dev.dsg.engine.painting.Learned;
import dev.dsg.engine.painting.Linear;
import dev.dsg.engine.painting.Norm;
import dev.dsg.engine.painting.Sides;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;

/**
 * Images that a generator network paints from one latent vector each (Genie: Jeon et al., CVPR 2023):
 *
 * <pre>
 * z [256]  linear  [128, h/4, w/4]  norm  enlarge 2  conv 3x3  [64, h/2, w/2]  norm  leaky relu 0.2
 *          enlarge 2  conv 3x3  [channels, h, w]  tanh  norm without scale and shift
 * </pre>
 *
 * <p>The vectors follow the learning rate of the settings and its plateaus, the network a rate of its own, which falls by
 * a twentieth every 100 iterations.
 */
final class GeneratedImages implements TrainableImages {

    private static final int LATENT = 256;
    private static final int WIDE = 128;
    private static final int NARROW = 64;
    private static final double SLOPE = 0.2;
    private static final double EPSILON = 1e-5;
    private static final double DECAY = 0.95;
    private static final int DECAY_EVERY = 100;

    private final Canvas canvas;
    private final Sides sides;
    private final AdamLeaf latents;
    private final Learned learned;
    private final Linear spread;
    private final Norm spreadNorm;
    private final Convolution narrow;
    private final Norm narrowNorm;
    private final Convolution paint;

    GeneratedImages(Canvas canvas) {
        this.canvas = canvas;
        this.sides = new Sides(canvas.height(), canvas.width());
        Random random = canvas.random();
        this.latents =
                new AdamLeaf(Initialization.GAUSSIAN.draw(random, canvas.count() * LATENT), canvas.count(), LATENT);
        this.learned = new Learned(random, AdamLeaf.Betas.USUAL);
        this.spread = Linear.of(learned, "spread", LATENT, WIDE * sides.rows() * sides.columns());
        this.spreadNorm = Norm.of(learned, "spread.norm", WIDE, EPSILON);
        this.narrow = Convolution.of(learned, "narrow", WIDE, NARROW);
        this.narrowNorm = Norm.of(learned, "narrow.norm", NARROW, EPSILON);
        this.paint = Convolution.of(learned, "paint", NARROW, canvas.channels());
    }

    @Override
    public Tensor draw() {
        Tensor seeds = spread.apply(latents.value()).reshape(canvas.count(), WIDE, sides.rows(), sides.columns());
        Tensor wide = spreadNorm.apply(seeds).enlarge(2);
        Tensor narrowed = narrowNorm.apply(narrow.apply(wide)).leakyRelu(SLOPE).enlarge(2);
        return sides.cut(Norm.bare(paint.apply(narrowed).tanh(), EPSILON));
    }

    /** What the network learns: spread, its norm, narrow, its norm, paint. */
    List<AdamLeaf> leaves() {
        return List.copyOf(learned.leaves().values());
    }

    @Override
    public void step(double rate, int iteration) {
        latents.step(rate);
        learned.step(canvas.settings().generatorLearningRate() * Math.pow(DECAY, (iteration - 1) / DECAY_EVERY));
    }

    @Override
    public void close() {
        latents.close();
        learned.close();
    }
}
