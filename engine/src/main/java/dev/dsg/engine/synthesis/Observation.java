package dev.dsg.engine.synthesis;

import dev.dsg.engine.tensor.Tensor;

/**
 * What one run of the network over a batch shows; every term of the {@link Objective} reads it.
 *
 * @param images {@code [batch, channels, height, width]}
 * @param moments the statistics at the watched layers
 * @param logits {@code [batch, classes]}
 */
record Observation(Tensor images, Moments moments, Tensor logits) {}
