/**
 * The evaluator service. {@link dev.dsg.evaluator.EvaluationWorker} measures the artefact of a job against the network it
 * was made from, and writes the report.
 */
package dev.dsg.evaluator;
