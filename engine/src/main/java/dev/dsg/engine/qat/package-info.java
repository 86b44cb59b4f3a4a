/**
 * Quantization-aware training without data: a quantized student learns from its float32 teacher on synthetic images,
 * which are either a fixed set or the stream of a generator that is trained meanwhile (Xu et al., GDFQ, ECCV 2020; Zhang
 * et al., DSG, CVPR 2021).
 */
package dev.dsg.engine.qat;
