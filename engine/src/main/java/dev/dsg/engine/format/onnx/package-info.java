/**
 * ONNX files, through the wire format of protocol buffers written by hand: an exporter needs five messages of
 * {@code onnx.proto}, which are fewer lines than generated classes, their runtime and a compiler in the build.
 */
package dev.dsg.engine.format.onnx;
