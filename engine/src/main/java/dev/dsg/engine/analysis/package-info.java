/**
 * What quantization does to a network, layer by layer, and what its calibration images are like. The records hold numbers
 * and names only, so that a service may write them down as they are.
 *
 * <p>Start reading at {@link NetworkAnalyzer}.
 */
package dev.dsg.engine.analysis;
