/** Supervised training, for the network that ships with the project. */
package dev.dsg.engine.training;
