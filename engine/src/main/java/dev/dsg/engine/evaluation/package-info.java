/** What a network is worth: its accuracy on labelled images, and how far two networks agree. */
package dev.dsg.engine.evaluation;
