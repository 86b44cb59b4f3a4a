package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.Tensor;

/**
 * One batch of images in the making, used by one thread. The synthesizer goes round: {@link #draw}, the network and the
 * loss, a backward pass into the leaves that the images were drawn from, {@link #step}.
 *
 * <p>Drawing and the backward pass through it run on one core, because the gradient of a weight depends in its last bits
 * on how many cores add it up, and the same settings and seed shall give the same bytes everywhere.
 */
public interface TrainableImages extends AutoCloseable {

    /**
     * The images as they are now, {@code [count, channels, height, width]} of the {@link Canvas}, in the network's
     * normalised input space. What this computes out of {@linkplain dev.dsg.engine.tensor.AdamLeaf leaves} is recorded; its
     * tensors are freed when the step is done.
     */
    Tensor draw();

    /**
     * Moves the leaves along the gradients that the backward pass left on them.
     *
     * @param rate the learning rate, which falls when the loss does not
     * @param iteration from 1
     */
    void step(double rate, int iteration);

    /** Frees the leaves. */
    @Override
    void close();
}
