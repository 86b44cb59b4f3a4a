/**
 * Calibration images out of the network itself. Images are optimised until the statistics that they cause at the inputs
 * of the BatchNorm layers agree with those the layers remember from training (ZeroQ: Cai et al., 2020), within a slack,
 * each image with one layer enhanced, and unlike each other (DSG: Zhang et al., 2021; Qin et al., 2023).
 *
 * <p>{@link dev.dsg.engine.synthesis.Synthesizer} tells the story. What is minimised is an {@code Objective}, the sum of
 * terms that each have a class; what is trained is a {@link dev.dsg.engine.synthesis.Parameterization}: the pixels, a
 * generator network and its latent vectors (Genie: Jeon et al., 2023), or what a plug-in brings.
 */
package dev.dsg.engine.synthesis;
