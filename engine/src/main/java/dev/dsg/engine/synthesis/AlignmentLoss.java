package dev.dsg.engine.synthesis;

import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a batch's statistics are from those the network remembers.
 *
 * <p>For image b, layer i and channel c with mean m and standard deviation s over height and width:
 *
 * <pre>
 * l(b, i) = sum_c max(|m - mu| - delta_i, 0)^2 + max(|s - sigma| - gamma_i, 0)^2        (slack distribution alignment)
 * L       = 1/B sum_b sum_i (1 + lambda [i = g(b) mod N]) l(b, i)                       (layerwise sample enhancement)
 *         + 1/B sum_b |mean(x_b)|^2 + |deviation(x_b) - 1|^2                            (the input itself, without slack)
 * P       = sum_i sum_c (mean_b m - mu)^2 + (sqrt(mean_b s^2 + var_b m) - sigma)^2       (population alignment)
 * </pre>
 *
 * where g(b) is the image's number among all images of the job and N the number of layers (Zhang et al., 2021). With
 * {@linkplain Statistics#BATCH statistics of the batch} m and s have no b, and the first term is, without enhancement,
 *
 * <pre>sum_i 1/C_i sum_c max(|m - mu| - delta_i, 0)^2 + max(|s - sigma| - gamma_i, 0)^2        (Jeon et al., 2023)</pre>
 *
 * for the C_i channels of a layer. What is generated without end has no images that each enhance a layer; there, the layers
 * take turns, and those of step t count
 *
 * <pre>A(t) = 1/N sum_i (1 + lambda [i = t mod N]) 1/C_i sum_c max(|m - mu| - delta_i, 0)^2 + max(|s - sigma| - gamma_i, 0)^2</pre>
 *
 * <p>What BatchNorm remembers are the moments of a population, and by the law of total variance P compares them with those
 * of the batch. Slack lets a single image deviate, as real images do, but it also lets all of them deviate to the same
 * side: images that start as noise keep too wide a spread in the first layers. P takes that back and leaves the images'
 * freedom. It is not in the papers.
 *
 * <p>The statistics of all layers stand side by side in one matrix {@code [batch or 1, channels of all layers]}; done
 * layer by layer, a network of 20 layers would spend its time on calls instead of arithmetic.
 */
final class AlignmentLoss implements AutoCloseable {

    private final StatisticsTargets targets;
    private final Statistics statistics;
    private final List<Tensor> owned = new ArrayList<>();
    private final int batch;
    private final Tensor weight;
    private final Tensor shift;
    private final Tensor inverseGain;
    private final Tensor inverseGainSquared;
    private final Tensor sigma;
    private final Tensor meanSlack;
    private final Tensor deviationSlack;

    /**
     * @param margins the slack of each layer
     * @param enhancement lambda of images; 0 with statistics of the batch
     * @param firstImage the number of the batch's first image among all images of the job
     * @param batch the number of images
     */
    AlignmentLoss(
            StatisticsTargets targets,
            Statistics statistics,
            Margins margins,
            double enhancement,
            int firstImage,
            int batch) {
        this.targets = targets;
        this.statistics = statistics;
        this.batch = batch;
        margins.requireLayers(targets.layers().size());
        weight = own(
                switch (statistics) {
                    case IMAGE ->
                        targets.matrix(batch, (b, l, _) -> l == enhanced(firstImage + b) ? 1 + enhancement : 1);
                    case BATCH ->
                        targets.matrix(
                                1,
                                (_, l, _) ->
                                        (double) batch / targets.layers().get(l).channels());
                });
        shift = own(targets.row((layer, c) -> layer.shift()[c]));
        inverseGain = own(targets.row((layer, c) -> 1 / layer.gain()[c]));
        inverseGainSquared = own(targets.row((layer, c) -> 1 / (layer.gain()[c] * layer.gain()[c])));
        sigma = own(targets.row((layer, c) -> layer.sigma()[c]));
        meanSlack = own(targets.matrix(1, (_, l, _) -> margins.mean()[l]));
        deviationSlack = own(targets.matrix(1, (_, l, _) -> margins.deviation()[l]));
    }

    /** The layer that is enhanced by an image, or in a turn. */
    private int enhanced(int number) {
        return number % targets.layers().size();
    }

    private Tensor own(HostTensor t) {
        try (Scope scope = Scope.open()) {
            Tensor tensor = scope.keep(Tensor.of(t.values(), t.shape()));
            owned.add(tensor);
            return tensor;
        }
    }

    /** The differences {@code m - mu} and {@code s - sigma}, each {@code [batch or 1, channels of all layers]}. */
    record Deviations(Tensor mean, Tensor deviation) {}

    /** Compares what was seen with what the network remembers. */
    Deviations deviations(Moments moments) {
        Moments.Channels seen = moments.channels(statistics);
        Tensor deviation = seen.variance()
                .mul(inverseGainSquared)
                .add(StatisticsTargets.EPSILON)
                .sqrt();
        return new Deviations(seen.mean().sub(shift).mul(inverseGain), deviation.sub(sigma));
    }

    /** What lies outside the slack, in the same shapes. */
    Deviations excess(Moments moments) {
        Deviations d = deviations(moments);
        return new Deviations(hinge(d.mean(), meanSlack), hinge(d.deviation(), deviationSlack));
    }

    /** L of a batch, 0-dimensional. */
    Tensor loss(Observation seen) {
        return squares(seen.moments())
                .mul(weight)
                .sum()
                .add(inputTerm(seen.images()))
                .div(batch);
    }

    /**
     * A of a batch, 0-dimensional; for statistics of the batch.
     *
     * @param enhancement lambda
     * @param turn t
     */
    Tensor averaged(Moments moments, double enhancement, int turn) {
        int layers = targets.layers().size();
        HostTensor weights = targets.matrix(
                1,
                (_, l, _) -> (l == enhanced(turn) ? 1 + enhancement : 1)
                        / layers
                        / targets.layers().get(l).channels());
        return squares(moments)
                .mul(Tensor.of(weights.values(), weights.shape()))
                .sum();
    }

    /** P of a batch, 0-dimensional. */
    Tensor population(Observation seen) {
        Deviations d = deviations(seen.moments());
        Tensor mean = d.mean().mean(new int[] {0}, true);
        Tensor between = d.mean().sub(mean).square().mean(new int[] {0}, true);
        Tensor within = d.deviation().add(sigma).square().mean(new int[] {0}, true);
        Tensor deviation = within.add(between).sqrt().sub(sigma);
        return mean.square().sum().add(deviation.square().sum());
    }

    private Tensor squares(Moments moments) {
        Deviations excess = excess(moments);
        return excess.mean().square().add(excess.deviation().square());
    }

    private static Tensor hinge(Tensor difference, Tensor slack) {
        return difference.abs().sub(slack).relu();
    }

    private static Tensor inputTerm(Tensor x) {
        long pixels = x.size(2) * x.size(3);
        Tensor mean = x.mean(new int[] {2, 3}, true);
        Tensor variance = x.sub(mean).square().sum(new int[] {2, 3}, false).div(Math.max(pixels - 1, 1));
        Tensor deviation = variance.add(StatisticsTargets.EPSILON).sqrt();
        return mean.square().sum().add(deviation.add(-1).square().sum());
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
    }
}
