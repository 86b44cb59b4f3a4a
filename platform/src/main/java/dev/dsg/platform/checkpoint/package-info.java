/**
 * Checkpoints: how far a long piece of work is, kept in the store so that another worker goes on from there.
 *
 * <p>A checkpoint is put aside first and becomes the latest by a compare-and-set of a small pointer, so a reader finds
 * either the one before or the new one, whole. Of workers that are at the same work without knowing of each other, one
 * wins that step; the others learn it and leave the work to the winner.
 */
package dev.dsg.platform.checkpoint;
