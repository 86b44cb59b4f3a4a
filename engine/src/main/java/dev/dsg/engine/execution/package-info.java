/** Runs a graph over tensors, with taps that see or replace the value of any edge. */
package dev.dsg.engine.execution;
