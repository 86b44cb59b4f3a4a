/**
 * Integers for floats: the affine quantizer, the ranges it needs, and post-training quantization of whole networks. The
 * formulas are those of ZeroQ (Cai et al., CVPR 2020) as DSG (Zhang et al., CVPR 2021) uses them.
 *
 * <p>Start reading at {@link PostTrainingQuantizer}. What a {@link RoundingMethod} does is said at {@link SquantFlips} for
 * rounding without images, and at {@link Reconstructor} for rounding that is learned from them.
 */
package dev.dsg.engine.quantization;
