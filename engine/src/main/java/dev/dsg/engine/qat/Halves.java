package dev.dsg.engine.qat;

import dev.dsg.engine.evaluation.Predictions;
import dev.dsg.engine.execution.Interpreter;
import dev.dsg.engine.execution.Tap;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.graph.Node;
import dev.dsg.engine.quantization.QuantizationPolicy.Edge;
import dev.dsg.engine.quantization.Range;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Runs the two halves of a batch through teacher and student, each on a thread and a core of its own, and adds up what
 * they found, the first half first. So a step takes half the time where there are two cores, and gives the same bytes
 * where there is one: the gradient of a weight depends in its last bits on how its sum is cut up, and this cut does not
 * depend on the machine.
 */
final class Halves implements AutoCloseable {

    private static final int PARTS = 2;

    private final StudentSettings settings;
    private final Interpreter teacher;
    private final Interpreter student;
    private final Map<String, StudentRange> ranges;
    private final Map<String, Edge> edges;
    private final ExecutorService threads;

    /**
     * @param teacher closed with this; the student is not
     * @param ranges by the node at whose value they are found
     * @param edges how values are quantized, by the node's name
     */
    Halves(
            StudentSettings settings,
            Interpreter teacher,
            Interpreter student,
            Map<String, StudentRange> ranges,
            Map<String, Edge> edges) {
        this.settings = settings;
        this.teacher = teacher;
        this.student = student;
        this.ranges = ranges;
        this.edges = edges;
        this.threads = Executors.newFixedThreadPool(
                PARTS, Thread.ofPlatform().daemon().name("student-", 0).factory());
    }

    /**
     * What both halves found.
     *
     * @param gradients of the loss by the parameters that the student computed with
     * @param rangeGradients of the loss by the factors of ranges that are learned
     * @param extremes of the values before they were quantized
     */
    record Sum(
            Map<String, Tensor> gradients,
            Map<String, Tensor> rangeGradients,
            Map<String, Range> extremes,
            StepReport report) {}

    /** One half; its losses are divided by the whole batch. */
    private record Half(
            Map<String, Tensor> gradients,
            Map<String, Tensor> rangeGradients,
            Map<String, Range> extremes,
            double distillation,
            double crossEntropy,
            int agreed) {}

    /** @param made the parameters to compute with */
    Sum run(HostTensor images, int[] labels, Map<String, Tensor> made) {
        int count = images.size(0);
        int each = images.values().length / count;
        List<Callable<Half>> work = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            int from = part * count / PARTS;
            int to = (part + 1) * count / PARTS;
            if (to > from) {
                long[] shape = images.shape().clone();
                shape[0] = to - from;
                HostTensor x = new HostTensor(shape, Arrays.copyOfRange(images.values(), from * each, to * each));
                int[] y = labels.length == 0 ? labels : Arrays.copyOfRange(labels, from, to);
                work.add(() -> new Part(made).run(x, y, count));
            }
        }
        List<Half> found = work.stream().map(threads::submit).toList().stream()
                .map(Halves::ended)
                .toList();
        return sum(found, count);
    }

    private static Half ended(Future<Half> half) {
        try {
            return half.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a training step", e);
        }
    }

    private Sum sum(List<Half> halves, int count) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        Map<String, Tensor> rangeGradients = new LinkedHashMap<>();
        Map<String, Range> extremes = new LinkedHashMap<>();
        Map<String, Double> terms = new TreeMap<>();
        int agreed = 0;
        for (Half half : halves) {
            half.gradients().forEach((name, g) -> gradients.merge(name, Scope.adopt(g), Tensor::add));
            half.rangeGradients().forEach((name, g) -> rangeGradients.merge(name, Scope.adopt(g), Tensor::add));
            half.extremes().forEach((node, range) -> extremes.merge(node, range, Range::union));
            terms.merge("distillation", half.distillation(), Double::sum);
            terms.merge("crossEntropy", half.crossEntropy(), Double::sum);
            agreed += half.agreed();
        }
        double loss = settings.distillation() * terms.get("distillation")
                + settings.crossEntropy() * terms.get("crossEntropy");
        return new Sum(gradients, rangeGradients, extremes, new StepReport(loss, (double) agreed / count, terms));
    }

    /** One half on its way. */
    private final class Part {

        private final Map<String, Tensor> made;
        private final Map<String, Tensor> leaves = new LinkedHashMap<>();
        private final Map<String, Tensor> factors = new LinkedHashMap<>();
        private final Map<String, Range> extremes = new HashMap<>();

        Part(Map<String, Tensor> made) {
            this.made = made;
        }

        Half run(HostTensor images, int[] labels, int count) {
            try (SingleThread _ = SingleThread.open();
                    Scope scope = Scope.open()) {
                Tensor x = Tensor.of(images.values(), images.shape()).channelsLast();
                Tensor asked = teacher.run(x.copy());
                Predictions answers = predictions(asked);
                int[] classes = labels.length == 0
                        ? IntStream.range(0, answers.count()).map(answers::best).toArray()
                        : labels;
                try (GradientScope gradients = GradientScope.open()) {
                    made.forEach((name, value) -> leaves.put(name, leaf(value)));
                    ranges.forEach((node, range) ->
                            range.factor().ifPresent(factor -> factors.put(node, leaf(factor.value()))));
                    Tensor said = student.with(leaves).run(x, quantizing());
                    Tensor imitation = divergence(asked, said).div(count);
                    Tensor label = said.crossEntropy(classes).mul((double) classes.length / count);
                    gradients.backward(imitation.mul(settings.distillation()).add(label.mul(settings.crossEntropy())));
                    return new Half(
                            kept(scope, leaves),
                            kept(scope, factors),
                            extremes,
                            imitation.item(),
                            label.item(),
                            agreed(answers, predictions(said)));
                }
            }
        }

        private static Tensor leaf(Tensor value) {
            return value.detach().requireGradient();
        }

        private static Map<String, Tensor> kept(Scope scope, Map<String, Tensor> leaves) {
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            leaves.forEach((name, leaf) -> gradients.put(name, scope.keep(leaf.gradient())));
            return gradients;
        }

        /** {@code T^2 sum_b sum_k p_k log(p_k / q_k)}, divided by K where it shall be a mean over classes, too. */
        private Tensor divergence(Tensor asked, Tensor said) {
            double t = settings.temperature();
            Tensor logP = asked.div(t).logSoftmax();
            Tensor logQ = said.div(t).logSoftmax();
            Tensor p = asked.div(t).softmax(1);
            double weight =
                    switch (settings.divergenceMean()) {
                        case IMAGES -> t * t;
                        case ELEMENTS -> t * t / said.size(1);
                    };
            return p.mul(logP.sub(logQ)).sum().mul(weight);
        }

        private Tap quantizing() {
            return new Tap() {
                @Override
                public Tensor after(Node node, Tensor value) {
                    if (settings.ranges() == StudentSettings.Ranges.EMA && ranges.containsKey(node.name())) {
                        extremes.put(node.name(), Range.of(value.detach()));
                    }
                    Edge edge = edges.get(node.name());
                    return edge == null
                            ? value
                            : ranges.get(edge.observed()).quantized(value, factors.get(edge.observed()));
                }
            };
        }

        private static Predictions predictions(Tensor logits) {
            return new Predictions(
                    new HostTensor(logits.shape(), logits.detach().toFloats()));
        }

        private static int agreed(Predictions asked, Predictions said) {
            return (int) IntStream.range(0, asked.count())
                    .filter(image -> asked.best(image) == said.best(image))
                    .count();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        teacher.close();
    }
}
