/** Labelled images on the host and their way into tensors. */
package dev.dsg.engine.data;
