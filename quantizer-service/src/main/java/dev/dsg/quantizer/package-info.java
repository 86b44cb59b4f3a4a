/**
 * The quantizer service. {@link dev.dsg.quantizer.BatchCollector} waits for the last batch of a job, or for the first where
 * the network is trained; {@link dev.dsg.quantizer.QuantizationWorker} makes the artefact from all of them, with {@link
 * dev.dsg.quantizer.Training} in between.
 */
package dev.dsg.quantizer;
