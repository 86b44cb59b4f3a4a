package dev.dsg.engine.evaluation;

/**
 * How often a classifier is right.
 *
 * @param count the number of images it was measured on
 * @param top1 the share whose class has the largest logit, 0..1
 * @param top5 the share whose class is among the five largest, 0..1
 */
public record Accuracy(int count, double top1, double top5) {}
