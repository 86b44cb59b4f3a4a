package dev.dsg.engine.synthesis;

import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.synthesis.AlignmentLoss.Deviations;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a batch is optimised for: the alignment of its statistics, and whatever else has a weight.
 *
 * <pre>L = alignment + pi population + kappa inhibition + beta label + tau variation + nu norm</pre>
 *
 * <p>A generator is trained for other terms, those of a {@link Critic}. A term of weight 0 is not computed. {@link AlignmentLoss}, {@link CorrelationInhibition} and {@link ImagePriors} say
 * what the terms are; the label loss is the mean cross-entropy of the network's answers to the labels.
 */
final class Objective implements AutoCloseable {

    private record Term(String name, double weight, Function<Observation, Tensor> value) {}

    private final StatisticsTargets targets;
    private final AlignmentLoss alignment;
    private final List<Term> terms = new ArrayList<>();

    /**
     * @param firstImage the number of the batch's first image among all images of the job
     * @param labels a class for each of {@code count} images; none without label loss
     */
    Objective(
            StatisticsTargets targets,
            SynthesisSettings settings,
            Margins margins,
            int firstImage,
            int count,
            List<Integer> labels) {
        this.targets = targets;
        this.alignment = new AlignmentLoss(
                targets, settings.statistics(), margins, settings.layerEnhancement(), firstImage, count);
        int[] classes = labels.stream().mapToInt(Integer::intValue).toArray();
        add("alignment", 1, alignment::loss);
        add("population", settings.populationAlignment(), alignment::population);
        add("inhibition", settings.correlationInhibition(), seen -> CorrelationInhibition.loss(seen.images()));
        add("label", settings.labelLoss(), seen -> seen.logits().crossEntropy(classes));
        add("variation", settings.totalVariation(), seen -> ImagePriors.totalVariation(seen.images()));
        add("norm", settings.pixelNorm(), seen -> ImagePriors.pixelNorm(seen.images()));
    }

    /** What a {@link Critic} holds against batch number {@code step} of a generator, with a class for each image. */
    Objective(StatisticsTargets targets, Critic.Weights weights, Margins margins, int step, int[] classes) {
        this.targets = targets;
        this.alignment = new AlignmentLoss(targets, Statistics.BATCH, margins, 0, 0, classes.length);
        add("label", 1, seen -> seen.logits().crossEntropy(classes));
        add(
                "statistics",
                weights.statistics(),
                seen -> alignment.averaged(seen.moments(), weights.layerEnhancement(), step));
        add("inhibition", weights.inhibition(), seen -> CorrelationInhibition.loss(seen.images()));
    }

    private void add(String name, double weight, Function<Observation, Tensor> value) {
        if (weight != 0) {
            terms.add(new Term(name, weight, value));
        }
    }

    /** Runs the network on {@code x [batch, channels, height, width]}, with {@code disturbance} before each observation. */
    Observation observe(Interpreter network, Tensor x, Tap disturbance) {
        Moments moments = new Moments(targets.layers());
        Tensor answer = network.run(x, disturbance.then(moments));
        return new Observation(x, moments, answer.reshape(x.size(0), -1));
    }

    /** L, 0-dimensional. */
    Tensor loss(Observation seen) {
        return terms.stream()
                .map(term -> weighted(term, seen))
                .reduce(Tensor::add)
                .orElseThrow();
    }

    private static Tensor weighted(Term term, Observation seen) {
        Tensor value = term.value().apply(seen);
        return term.weight() == 1 ? value : value.mul(term.weight());
    }

    /** The terms by name, each before its weight. */
    Map<String, Double> values(Observation seen) {
        Map<String, Double> values = new TreeMap<>();
        terms.forEach(term ->
                values.put(term.name(), (double) term.value().apply(seen).item()));
        return values;
    }

    /** What lies outside the slack. */
    Deviations excess(Observation seen) {
        return alignment.excess(seen.moments());
    }

    @Override
    public void close() {
        alignment.close();
    }
}
