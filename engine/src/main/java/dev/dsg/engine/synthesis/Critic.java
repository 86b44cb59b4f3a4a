package dev.dsg.engine.synthesis;

import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Shape;
import dev.dsg.engine.graph.ShapeInference;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Tensor;
import java.util.Map;

/**
 * A trained network that judges what a generator painted: whether it sees the classes that were meant, whether the batch
 * has the statistics that it remembers of its training data, and whether the images differ (GDFQ: Xu et al., 2020, with
 * slack, enhancement and inhibition of DSG: Qin et al., 2023).
 *
 * <pre>L = cross-entropy + beta A(t) + kappa 1/B |G - I|^2</pre>
 *
 * <p>A, by layers that take turns, is the last formula of {@link AlignmentLoss}, over statistics of the batch; the last term
 * is {@link CorrelationInhibition}'s. The released code has a slack that pulls statistics to its rim instead of leaving them
 * free, compares variances with margins of deviations, enhances a channel for a layer, and stops the gradient of the
 * inhibition; none of that is here.
 *
 * <p>The network is frozen, with BatchNorm folded in. A judgement is the same to the bit on any number of cores.
 */
public final class Critic implements AutoCloseable {

    /**
     * What counts beside the classes.
     *
     * @param statistics beta; 0 for no alignment
     * @param layerEnhancement the added weight of the layer whose turn it is; 0 for none
     * @param inhibition kappa; 0 for none
     */
    public record Weights(double statistics, double layerEnhancement, double inhibition) {}

    /**
     * What is held against a batch.
     *
     * @param loss L
     * @param agreement the share of the images in which the network sees the class that was meant
     * @param terms {@code label}, {@code statistics} and {@code inhibition}, each before its weight; those of weight 0 are
     *     absent
     * @param gradient of the loss by the images, in their shape; the enclosing scope frees it
     */
    public record Judgement(double loss, double agreement, Map<String, Double> terms, Tensor gradient) {}

    private final StatisticsTargets targets;
    private final Interpreter network;
    private final Margins margins;
    private final Weights weights;

    /**
     * @param graph a network with BatchNorm
     * @param margins from {@link Synthesizer#probe} of the same network, with {@link Statistics#BATCH}
     * @throws dev.dsg.engine.EngineException {@link dev.dsg.engine.EngineException.Kind#NO_BATCH_NORM} if there is none
     */
    public Critic(Graph graph, Margins margins, Weights weights) {
        this.targets = new StatisticsTargets(graph);
        this.margins = margins.requireLayers(targets.layers().size());
        this.weights = weights;
        this.network = new Interpreter(targets.graph());
    }

    /** The number of classes that it tells apart in images of the given shape. */
    public int classes(int channels, int height, int width) {
        Map<String, Shape> shapes = ShapeInference.infer(targets.graph(), Shape.of(channels, height, width));
        return shapes.get(targets.graph().output().name()).count();
    }

    /**
     * Judges one batch, apart from whatever it was made of.
     *
     * @param images {@code [batch, channels, height, width]}, in the network's normalised input space
     * @param labels the class that each image is meant to show
     * @param step the number of the batch, which decides whose turn it is, from 0
     */
    public Judgement judge(Tensor images, int[] labels, int step) {
        Tensor x = images.detach().requireGradient();
        try (Objective objective = new Objective(targets, weights, margins, step, labels);
                GradientScope gradients = GradientScope.open()) {
            Observation seen = objective.observe(network, x, Tap.NONE);
            Tensor loss = objective.loss(seen);
            gradients.backward(loss);
            double agreement = new Predictions(
                            new HostTensor(seen.logits().shape(), seen.logits().toFloats()))
                    .accuracy(labels)
                    .top1();
            try (GradientScope _ = GradientScope.pause()) {
                return new Judgement(loss.item(), agreement, objective.values(seen), x.gradient());
            }
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
