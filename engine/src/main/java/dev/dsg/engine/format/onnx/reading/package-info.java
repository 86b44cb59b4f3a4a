/**
 * ONNX files as {@link dev.dsg.engine.graph.Graph}s. {@link dev.dsg.engine.format.onnx.reading.OnnxImport} is the way in:
 * the file's messages are read, what the graph knows beforehand (shapes above all) is computed, every other operator
 * becomes one or a few of the engine's operations, and patterns that exporters take apart are put together again.
 *
 * <p>The messages are read by a small reader of the wire format instead of generated classes. The format is five rules (a
 * tag, three kinds of value, and nesting), and of the schema an importer needs some forty fields. Generated classes would
 * bring a compiler into the build, a runtime whose version other libraries fight over, and a copy of everything that a
 * malicious file claims to hold before anything could be checked; the schema that distributions package lacks the newest
 * element types. This reader copies nothing until a value is asked for and checks every length against what is there.
 */
package dev.dsg.engine.format.onnx.reading;
