/**
 * Networks that paint images: their layers, and what those learn. Gradients of weights depend in their last bits on the
 * number of cores that add them up; run and train such a network within {@link dev.dsg.engine.tensor.SingleThread}.
 */
package dev.dsg.engine.painting;
