/**
 * The generator service. {@link dev.dsg.generator.Planner} turns a submitted job into one task per batch;
 * {@link dev.dsg.generator.SynthesisWorker}, in any number of processes, makes the batches. Where a network is trained on a
 * stream of them, there is one task, and {@link dev.dsg.generator.StreamWorker} makes them all.
 */
package dev.dsg.generator;
