/**
 * What stands behind every figure of the documentation: {@code study methods} for accuracy and {@code bench} for speed, which
 * call the engine in this process, without broker and store; and the jobs, results and tables of {@code study training}, whose
 * jobs somebody else runs.
 */
package dev.dsg.standalone.measure;
