/**
 * Integers for floats: the affine quantizer, the ranges it needs, and post-training quantization of whole networks. The
 * formulas are those of ZeroQ (Cai et al., CVPR 2020) as DSG (Zhang et al., CVPR 2021) uses them.
 */
package dev.dsg.engine.quantization;
