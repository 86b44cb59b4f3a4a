/**
 * Architectures that are built layer by layer, with the key names of published weights. {@link
 * dev.dsg.engine.network.Architectures} lists them by name; one class describes a family, and a {@link
 * dev.dsg.engine.network.Network} is one of its members with the names of one library.
 */
package dev.dsg.engine.network;
