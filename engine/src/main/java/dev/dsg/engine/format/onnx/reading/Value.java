package dev.dsg.engine.format.onnx.reading;

import dev.dsg.engine.graph.Shape;

/** What an ONNX name stands for while a file is imported. */
sealed interface Value permits Constant, Value.Edge {

    /** Made by a node of the graph when the network runs; its first dimension is the batch. */
    record Edge(String node, Shape shape) implements Value {}
}
