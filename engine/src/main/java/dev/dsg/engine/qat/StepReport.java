package dev.dsg.engine.qat;

import java.util.Map;

/**
 * What a training step showed.
 *
 * @param loss what was minimised, before the step
 * @param agreement the share of images, 0..1, to which the network that learns gave the answer it was asked for
 * @param terms the terms of the loss by name, each before its weight
 */
public record StepReport(double loss, double agreement, Map<String, Double> terms) {

    public StepReport {
        terms = Map.copyOf(terms);
    }
}
