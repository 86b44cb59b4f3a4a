/**
 * The generator service. {@link dev.dsg.generator.Planner} turns a submitted job into one task per batch;
 * {@link dev.dsg.generator.SynthesisWorker}, in any number of processes, makes the batches.
 */
package dev.dsg.generator;
