/**
 * The commands behind every figure of the documentation: {@code study methods} for accuracy, {@code bench} for speed. They call
 * the engine in this process; no broker and no store takes part.
 */
package dev.dsg.standalone.measure;
