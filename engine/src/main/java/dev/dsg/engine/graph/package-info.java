/**
 * Networks as immutable graphs: {@link dev.dsg.engine.graph.Node}s over a sealed {@link dev.dsg.engine.graph.Op} set with
 * named initializers. Everything else in the engine reads, rewrites, runs or writes a
 * {@link dev.dsg.engine.graph.Graph}.
 */
package dev.dsg.engine.graph;
