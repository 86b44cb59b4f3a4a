/**
 * How fast exported networks run in ONNX Runtime: several take turns in a {@link dev.dsg.engine.speed.Race}, and what it
 * was run on is written down with the result.
 */
package dev.dsg.engine.speed;
