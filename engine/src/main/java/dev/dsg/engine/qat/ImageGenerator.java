package dev.dsg.engine.qat;

import dev.dsg.engine.EngineException;
import dev.dsg.engine.EngineException.Kind;
import dev.dsg.engine.graph.Graph;
import dev.dsg.engine.graph.HostTensor;
import dev.dsg.engine.painting.Learned;
import dev.dsg.engine.painting.Sides;
import dev.dsg.engine.synthesis.Critic;
import dev.dsg.engine.synthesis.Margins;
import dev.dsg.engine.synthesis.Synthesizer;
import dev.dsg.engine.synthesis.SyntheticBatch;
import dev.dsg.engine.tensor.AdamLeaf;
import dev.dsg.engine.tensor.GradientScope;
import dev.dsg.engine.tensor.Scope;
import dev.dsg.engine.tensor.SingleThread;
import dev.dsg.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A network that learns to paint what another was trained on, from nothing but that network (GDFQ: Xu et al., 2020), and
 * paints a new batch at every step of its training: labels drawn uniformly, a random vector for each, the {@link
 * PaintingNetwork}, the {@link Critic}, a step of Adam.
 *
 * <p>Step t draws from the seed and t alone. A generator that is {@linkplain #restore restored} from a {@link #checkpoint}
 * goes on with the same bytes, whatever the number of cores: what it learns is computed on one, only the critic takes all.
 * For one thread.
 */
public final class ImageGenerator implements AutoCloseable {

    private static final String KIND = "generator";

    private final GeneratorSettings settings;
    private final Critic critic;
    private final int classes;
    private final Learned learned;
    private final PaintingNetwork network;
    private int position;
    private SyntheticBatch batch;

    /**
     * A generator before its first step.
     *
     * @param teacher a classifier with BatchNorm
     * @param channels of its input, as height and width
     * @param margins the slack of its layers, from {@link Synthesizer#probe} with statistics of the batch
     * @throws EngineException {@link Kind#NO_BATCH_NORM} if there is none
     */
    public ImageGenerator(
            Graph teacher, int channels, int height, int width, GeneratorSettings settings, Margins margins) {
        this.settings = settings;
        this.critic = new Critic(
                teacher,
                margins,
                new Critic.Weights(
                        settings.statisticsWeight(), settings.layerEnhancement(), settings.correlationInhibition()));
        this.classes = critic.classes(channels, height, width);
        this.learned = new Learned(
                Synthesizer.random(settings.seed(), 0), new AdamLeaf.Betas(settings.beta1(), settings.beta2()));
        this.network = new PaintingNetwork(learned, settings.latent(), classes, channels, new Sides(height, width));
    }

    /** The number of steps taken, restored ones included. */
    public int position() {
        return position;
    }

    /** The multiply-adds of the layers that paint one image, without the teacher's. */
    public long multiplyAdds() {
        return network.multiplyAdds();
    }

    /**
     * Paints a batch and learns from what the teacher makes of it.
     *
     * @return the loss and its terms {@code label}, {@code statistics} and {@code inhibition}, those of weight 0 excepted,
     *     and in how many of the images the teacher sees their labels
     * @throws EngineException {@link Kind#INVALID_SETTING} if the loss is not finite
     */
    public StepReport step() {
        Random random = Synthesizer.random(settings.seed(), position + 1);
        int[] labels = random.ints(settings.batchSize(), 0, classes).toArray();
        try (Scope _ = Scope.open();
                GradientScope gradients = GradientScope.open()) {
            Tensor painted;
            try (SingleThread _ = SingleThread.open()) {
                painted = network.paint(vectors(random), labels);
            }
            Critic.Judgement judgement = critic.judge(painted, labels, position);
            requireFinite(judgement.loss());
            StepReport report = new StepReport(judgement.loss(), judgement.agreement(), judgement.terms());
            batch = new SyntheticBatch(
                    new HostTensor(painted.shape(), painted.detach().toFloats()),
                    Arrays.stream(labels).boxed().toList(),
                    diagnostics(report));
            try (SingleThread _ = SingleThread.open()) {
                gradients.backward(painted, judgement.gradient());
                learned.step(settings.learningRate().at(position));
            }
            position++;
            return report;
        }
    }

    private Tensor vectors(Random random) {
        float[] values = new float[Math.multiplyExact(settings.batchSize(), settings.latent())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, settings.batchSize(), settings.latent());
    }

    private static Map<String, Double> diagnostics(StepReport report) {
        Map<String, Double> diagnostics = new TreeMap<>();
        diagnostics.put("loss.last", report.loss());
        diagnostics.put("agreement", report.agreement());
        report.terms().forEach((term, value) -> diagnostics.put("loss." + term, value));
        return diagnostics;
    }

    private void requireFinite(double loss) {
        if (!Double.isFinite(loss)) {
            throw new EngineException(
                    Kind.INVALID_SETTING,
                    "generatorLearningRate",
                    "too high: the loss of step " + position + " is " + loss,
                    "a rate at which the loss stays finite");
        }
    }

    /**
     * What the last step painted, before it learned from it, with labels.
     *
     * @throws IllegalStateException if there was no step yet since this was made or restored
     */
    public SyntheticBatch batch() {
        if (batch == null) {
            throw new IllegalStateException("no batch before a step");
        }
        return batch;
    }

    /** Everything that the next steps depend on beside the arguments of the constructor, as a safetensors file. */
    public byte[] checkpoint() {
        StateWriter state = new StateWriter(KIND, position);
        learned.leaves().forEach(state::put);
        return state.toBytes();
    }

    /**
     * Goes on from a {@link #checkpoint} of a generator that was made with equal arguments.
     *
     * @throws EngineException {@link Kind#CORRUPT_FILE} if it is none, or of a generator of other shapes; nothing has
     *     changed then
     */
    public void restore(byte[] file) {
        StateReader state = new StateReader(KIND, file);
        learned.leaves().forEach(state::get);
        position = state.apply();
        batch = null;
    }

    @Override
    public void close() {
        learned.close();
        critic.close();
    }
}
