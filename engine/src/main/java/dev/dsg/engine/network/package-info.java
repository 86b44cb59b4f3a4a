/** Architectures that are built layer by layer, with the key names of published weights. */
package dev.dsg.engine.network;
