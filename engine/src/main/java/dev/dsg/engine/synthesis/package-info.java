/**
 * Calibration images out of the network itself. Images are optimised until the statistics that they cause at the inputs
 * of the BatchNorm layers agree with those the layers remember from training (ZeroQ: Cai et al., 2020), within a slack,
 * each image with one layer enhanced, and unlike each other (DSG: Zhang et al., 2021; Qin et al., 2023).
 *
 * <p>{@link dev.dsg.engine.synthesis.Synthesizer} tells the story; the other classes are its terms.
 */
package dev.dsg.engine.synthesis;
