package dev.dsg.engine.training;

import dev.dsg.engine.data.Augmentation;
import dev.dsg.engine.data.ImageSet;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Interpreter.Mode;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Trains a classifier with stochastic gradient descent, Nesterov momentum and a one-cycle learning rate, on randomly
 * cropped and flipped images. Same settings, images and number of native threads: same bytes.
 */
public final class Trainer {

    /** Told after every epoch. */
    @FunctionalInterface
    public interface Listener {
        /** {@code epoch} (from 1) has ended with the given mean loss. */
        void epoch(int epoch, double loss);
    }

    private static final int PADDING = 4;

    private final TrainingSettings settings;
    private final Augmentation augmentation;

    public Trainer(TrainingSettings settings, dev.dsg.engine.data.Preprocessing preprocessing) {
        this.settings = settings;
        this.augmentation = new Augmentation(preprocessing, PADDING);
    }

    /** A parameter that learns, and its momentum. */
    private record Learner(Tensor parameter, Tensor velocity, double weightDecay) {}

    /** Trains the initialised network {@code start} on {@code images} and returns it trained. */
    public Graph train(Graph start, ImageSet images, Listener listener) {
        Random random = new Random(settings.seed());
        int stepsPerEpoch = images.count() / settings.batchSize();
        OneCycle schedule = new OneCycle(settings.peakLearningRate(), 0.3, stepsPerEpoch * settings.epochs());
        int[] order = new int[images.count()];
        java.util.Arrays.setAll(order, i -> i);
        try (Interpreter network = new Interpreter(start)) {
            Map<String, Learner> learners = learners(start, network);
            for (int epoch = 0; epoch < settings.epochs(); epoch++) {
                Shuffle.shuffle(order, random);
                double loss = 0;
                for (int step = 0; step < stepsPerEpoch; step++) {
                    double rate = schedule.at(epoch * stepsPerEpoch + step);
                    loss += step(network, learners, images, order, step * settings.batchSize(), rate, random);
                }
                listener.epoch(epoch + 1, loss / stepsPerEpoch);
            }
            learners.values().forEach(l -> l.velocity().close());
            return snapshot(network);
        }
    }

    private double step(
            Interpreter network,
            Map<String, Learner> learners,
            ImageSet images,
            int[] order,
            int from,
            double rate,
            Random random) {
        int to = from + settings.batchSize();
        int[] labels = new int[settings.batchSize()];
        java.util.Arrays.setAll(labels, i -> images.labels()[order[from + i]]);
        try (Scope _ = Scope.open()) {
            Tensor x = augmentation.batch(images, order, from, to, random);
            double loss;
            try (GradientScope gradients = GradientScope.open()) {
                Tensor l = network.run(x, Tap.NONE, Mode.TRAIN).crossEntropy(labels);
                gradients.backward(l);
                loss = l.item();
            }
            learners.values()
                    .forEach(l -> l.parameter().nesterovStep(l.velocity(), rate, settings.momentum(), l.weightDecay()));
            return loss;
        }
    }

    private Map<String, Learner> learners(Graph graph, Interpreter network) {
        Map<String, Learner> learners = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            for (String name : graph.trainable()) {
                Tensor parameter = network.parameter(name).requireGradient();
                double decay = parameter.shape().length > 1 ? settings.weightDecay() : 0;
                learners.put(
                        name,
                        new Learner(parameter, scope.keep(parameter.detach().zerosLike()), decay));
            }
        }
        return learners;
    }

    /** The network's parameters as they stand, on the host. */
    private static Graph snapshot(Interpreter network) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        network.graph()
                .initializers()
                .forEach((name, t) -> values.put(
                        name, new HostTensor(t.shape(), network.parameter(name).toFloats())));
        return network.graph().with(values);
    }
}
