/**
 * The quantizer service. {@link dev.dsg.quantizer.BatchCollector} waits for the last batch of a job;
 * {@link dev.dsg.quantizer.QuantizationWorker} makes the artefact from all of them.
 */
package dev.dsg.quantizer;
